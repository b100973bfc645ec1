"""What do all HTTP surfaces have in common: keys, limits, and answers in one form?

Health and metrics (`shared.http.server`) are open; whatever else a service answers goes through here.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

import structlog
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send

from shared.contracts.envelope import TooLong
from shared.contracts.keys import hash_of
from shared.contracts.refusals import Refused
from shared.contracts.requests import Question
from shared.http.rates import Rates
from shared.storage import keys
from shared.storage.database import UNSTORABLE, DatabaseUnavailable, Tx, unstorable
from shared.storage.transactions import Begin

log = structlog.get_logger()

R = TypeVar("R")

Answer = tuple[int, Any] | Response
"""A status and what becomes JSON, or a response as it is."""


class Ask(Protocol):
    """Asks another service; raises `AskFailed`."""

    async def __call__(self, request: Question[R], /) -> R: ...


@dataclass(frozen=True, slots=True)
class Backend:
    """What an endpoint may use of its service."""

    begin: Begin
    ask: Ask
    rates: Rates
    starting: Callable[[], str]
    """What the start of the service still waits for; empty once it is at work."""


def backend_of(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


AWAY_SECONDS = 5
"""When who asked in vain may ask again: about as long as a server takes to start, or a standby to take over."""


class TooOften(Refused):
    """Somebody asks more often than they may."""

    def __init__(self, seconds: float) -> None:
        self.seconds = math.ceil(seconds)
        super().__init__(f"This is asked too often; wait {self.seconds} s.", 429)


def endpoint(answer: Callable[[Request], Awaitable[Answer]]) -> Callable[[Request], Awaitable[Response]]:
    """Turn what was answered or refused into a response."""

    @functools.wraps(answer)
    async def answered(request: Request) -> Response:
        given = await _answer_of(answer, request)
        if isinstance(given, Response):
            return given
        status, content = given
        return Response(to_json(content), status, _headers(status, content), media_type="application/json")

    return answered


async def _answer_of(answer: Callable[[Request], Awaitable[Answer]], request: Request) -> Answer:
    if starting := backend_of(request).starting():
        return 503, {"message": f"Try again in a moment: {starting}.", "retry_after": AWAY_SECONDS}
    try:
        return await answer(request)
    except TooOften as often:
        return often.code, {"message": str(often), "retry_after": often.seconds}
    except Refused as refused:
        return refused.code, {"message": str(refused), "errors": refused.fields}
    except TooLong as error:
        return 413, {"message": str(error), "errors": {}}
    except UNSTORABLE as error:
        return 422, {"message": unstorable(error), "errors": {}}
    except DatabaseUnavailable as error:
        log.warning("http.postponed", error=str(error))
        return 503, {
            "message": "The database is away or read-only; try again in a moment.",
            "retry_after": AWAY_SECONDS,
        }
    except Exception:
        # The path alone: what follows the question mark may hold a key.
        log.exception("http.failed", path=request.url.path)
        return 500, {"message": "This failed on our side; the request id finds it in our log."}


def _headers(status: int, content: Any) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": ", ".join(content["allowed"])}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return {"Retry-After": str(content.get("retry_after", AWAY_SECONDS))}
    return {}


IN_URL = "key"
"""The parameter by which a URL carries a key, where a surface allows it."""


def sent_key(request: Request, in_url: bool = False) -> str:
    """The key that came with a request; empty without one."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    said = bearer.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    return said or (request.query_params.get(IN_URL, "") if in_url else "")


def key_hash_of(request: Request, cost: float = 1, in_url: bool = False) -> str:
    """The hash of the key that came with a request; refuses who asks too often, before the database is troubled."""
    said = sent_key(request, in_url)
    if not said:
        by_url = f", or the URL with `?{IN_URL}=KEY`" if in_url else ""
        raise Refused(f"Send a key of yours as `Authorization: Bearer KEY` or `X-API-Key: KEY`{by_url}.", 401)
    given = hash_of(said)
    charge(request, given, cost)
    return given


def charge(request: Request, given: str, cost: float) -> None:
    """Take what a request costs from what its key may use."""
    if wait := backend_of(request).rates.take(given, time.monotonic(), cost):
        raise TooOften(wait)


async def holder_of(tx: Tx, given: str) -> str:
    """Whose key this is the hash of; refuses one that is nobody's."""
    holder = await keys.holder_of(tx, given)
    if holder is None:
        raise Refused("This key is nobody's, or has been replaced by a newer one.", 401)
    return holder


async def body_of(request: Request, most: int) -> bytes:
    """The body; refuses what is too long before it is all here, whatever length was told."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Refused(f"At most {most:,} bytes a request; send less at a time.", 413)
    return bytes(body)


def with_fallback(known: Sequence[Route]) -> list[BaseRoute]:
    """What can be asked, with a slash at the end or without; whatever else is asked is answered in the same form as
    everything else."""
    known = [*known, *(Route(f"{each.path}/", each.endpoint, methods=each.methods) for each in known)]

    @endpoint
    async def unknown(request: Request) -> Answer:
        allowed = [route.methods or set() for route in known if route.matches(request.scope)[0] is Match.PARTIAL]
        if allowed:
            methods = sorted(set().union(*allowed))
            message = f"{request.url.path} takes {' and '.join(methods)}, not {request.method}."
            return 405, {"message": message, "allowed": methods}
        return 404, {"message": f"There is nothing at {request.url.path}; /openapi.json says what is."}

    async def anything_else(scope: Scope, receive: Receive, send: Send) -> None:
        await (await unknown(Request(scope, receive)))(scope, receive, send)

    return [*known, Mount("", app=anything_else)]
