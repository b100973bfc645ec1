"""How do sources submit postings over HTTP?

Every source has its own key, which also says who it is. Every answer carries a request id, which the logs carry too.
"""

from __future__ import annotations

import functools
import hmac
import math
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json, to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send

from services.ingest import intake, openapi, settings
from services.ingest.asks import postings
from services.ingest.asks.sources import hash_of
from services.ingest.settings import MOST_BYTES, MOST_POSTINGS
from services.ingest.store import sources
from services.ingest.store.postings import find
from shared.broker import AskFailed
from shared.database import TRANSIENT, Tx
from shared.handling import Refused

if TYPE_CHECKING:
    from shared.app import App

log = structlog.get_logger()

Answer = tuple[int, Any]


class Closing(BaseModel):
    """The optional body of a close."""

    model_config = ConfigDict(extra="forbid")

    closed_on: str | None = None


class TooOften(Refused):
    """A source asks more often than it may."""

    def __init__(self, seconds: float) -> None:
        self.seconds = math.ceil(seconds)
        super().__init__(f"These are too many requests; wait {self.seconds} s, or send more postings in each.", 429)


def _endpoint(answer: Callable[[Request], Awaitable[Answer]]) -> Callable[[Request], Awaitable[Response]]:
    """Turn what was answered or refused into a response."""

    @functools.wraps(answer)
    async def endpoint(request: Request) -> Response:
        status, content = await _answered(answer, request)
        headers = {}
        if status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(content["allowed"])
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = str(content["retry_after"])
        return Response(to_json(content), status, headers, media_type="application/json")

    return endpoint


async def _answered(answer: Callable[[Request], Awaitable[Answer]], request: Request) -> Answer:
    try:
        return await answer(request)
    except TooOften as often:
        return often.code, {"message": str(often), "retry_after": often.seconds}
    except Refused as refused:
        return refused.code, {"message": str(refused), "errors": refused.fields}
    except TRANSIENT as error:
        log.warning("http.postponed", error=str(error))
        return 503, {"message": "The database is away; try again in a moment."}
    except Exception:
        log.exception("http.failed", path=request.url.path)
        return 500, {"message": "This failed on our side; the request id finds it in our log."}


@_endpoint
async def submit(request: Request) -> Answer:
    """One posting: 201, 200 or 422 with its result. A list of postings: 200 with each one's result."""
    app: App = request.app.state.app
    key = _key(request)
    async with app.transaction() as tx:
        source = await _source_of(key, tx)
    body = await _json_body(request)
    many = body if isinstance(body, list) else [body]
    if not 1 <= len(many) <= MOST_POSTINGS:
        raise Refused(f"Send 1 to {MOST_POSTINGS} postings at a time; these are {len(many)}.", 422)
    async with app.transaction() as tx:
        results = await intake.take_in(source, many, tx)
    return (200, {"results": results}) if isinstance(body, list) else (results[0].status, results[0])


@_endpoint
async def close(request: Request) -> Answer:
    """The report that one of the source's own postings is gone."""
    key, wanted = _key(request), _posting_id(request)
    app: App = request.app.state.app
    async with app.transaction() as tx:
        await _own(key, wanted, tx)
    closing = await _closing(request)
    async with app.transaction() as tx:
        return 200, await postings.close(postings.Close.model_validate({"posting_id": wanted, **closing}), tx)


@_endpoint
async def read(request: Request) -> Answer:
    """One of the source's own postings, and what became of it."""
    key, wanted = _key(request), _posting_id(request)
    app: App = request.app.state.app
    async with app.transaction() as tx:
        state = await _own(key, wanted, tx)
    return 200, {**state, "outcome": await _outcome(app, wanted)}


@_endpoint
async def describe(request: Request) -> Answer:
    return 200, openapi.document()


def _key(request: Request) -> str:
    """The hash of the key that came with a request; refuses who asks too often, before the database is troubled."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    key = bearer.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    if not key:
        raise _no_key()
    given, app = hash_of(key), request.app.state.app
    if wait := app.cache.setdefault("rates", settings.rates()).take(given, time.monotonic()):
        raise TooOften(wait)
    return given


async def _source_of(given: str, tx: Tx) -> str:
    """Whose key this is the hash of; refuses one that is nobody's."""
    # Every source is compared, each in constant time, so that the time taken tells nothing.
    owners = [one.name for one in await sources.every(tx) if hmac.compare_digest(one.key_hash, given)]
    if not owners:
        raise _no_key()
    return owners[0]


def _no_key() -> Refused:
    return Refused("Send the key of your source as `Authorization: Bearer KEY` or `X-API-Key: KEY`.", 401)


async def _json_body(request: Request) -> Any:
    """The body as JSON; refuses what is too long before it is all here."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise Refused(f"At most {MOST_BYTES:,} bytes a request; send fewer postings at a time.", 413)
    try:
        return from_json(bytes(body), allow_inf_nan=False)
    except ValueError as error:
        raise Refused(f"The body is not JSON: {error}", 400) from error


_A_DAY = "must be a date, such as 2026-07-01"
_CLOSING = {"extra_forbidden": "is no field of a close", "model_type": "must be an object with closed_on"}


async def _closing(request: Request) -> dict[str, Any]:
    if request.headers.get("Content-Length", "0") == "0" and "Transfer-Encoding" not in request.headers:
        return {}
    try:
        closing = Closing.model_validate(await _json_body(request))
        postings.Close.model_validate(closing.model_dump())
    except ValidationError as invalid:
        errors = {".".join(map(str, e["loc"])) or "body": _CLOSING.get(e["type"], _A_DAY) for e in invalid.errors()}
        raise Refused("A close says closed_on and nothing else.", 422, errors) from invalid
    return closing.model_dump()


def _posting_id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["posting_id"])
    except ValueError:
        raise _unknown() from None


async def _own(key: str, wanted: UUID, tx: Tx) -> dict[str, Any]:
    """A posting of the asking source; another's is as unknown as one that does not exist."""
    source = await _source_of(key, tx)
    held = (await find(tx, [wanted])).get(wanted)
    if held is None or held.source != source:
        raise _unknown()
    return postings.state(held)


def _unknown() -> Refused:
    return Refused("Your source has submitted no posting of this id.", 404)


async def _outcome(app: App, wanted: UUID) -> Any:
    """What the matcher says became of it."""
    try:
        outcomes = await app.ask("matcher.ask.outcome", {"posting_ids": [wanted]})
    except AskFailed as error:
        log.warning("outcome.unknown", error=str(error))
        return {"outcome": "unknown", "message": "The matcher does not answer; ask again."}
    return outcomes[0] if outcomes else {"outcome": "unknown", "message": "Not decided yet; ask again."}


def routes() -> list[BaseRoute]:
    """What can be asked; whatever else is asked is answered in the same form as everything else."""
    known = [
        Route("/postings", submit, methods=["POST"]),
        Route("/postings/{posting_id}", read, methods=["GET"]),
        Route("/postings/{posting_id}/close", close, methods=["POST"]),
        Route("/openapi.json", describe, methods=["GET"]),
    ]

    @_endpoint
    async def unknown(request: Request) -> Answer:
        allowed = [route.methods or set() for route in known if route.matches(request.scope)[0] is Match.PARTIAL]
        if allowed:
            methods = sorted(allowed[0])
            message = f"{request.url.path} takes {' and '.join(methods)}, not {request.method}."
            return 405, {"message": message, "allowed": methods}
        return 404, {"message": f"There is nothing at {request.url.path}; /openapi.json says what is."}

    async def anything_else(scope: Scope, receive: Receive, send: Send) -> None:
        await (await unknown(Request(scope, receive)))(scope, receive, send)

    return [*known, Mount("", app=anything_else)]
