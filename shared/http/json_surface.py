"""What do all JSON surfaces have in common: API keys, limits, and one form of reply?

Health and metrics (`shared.http.server`) are open; every other endpoint for programs is declared with `endpoint`.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send

from shared.contracts.keys import hash_of
from shared.contracts.refusals import Refused
from shared.http.backend import RETRY_SECONDS, TooOften, attempt, backend_of
from shared.storage import keys
from shared.storage.database import Tx

Answer = tuple[int, Any] | Response
"""A status and the content of the JSON, or a complete response."""

KEY_PARAMETER = "key"
"""The query parameter that contains the API key, where a surface allows it."""


def endpoint(handle: Callable[[Request], Awaitable[Answer]]) -> Callable[[Request], Awaitable[Response]]:
    """Turn what a handler returns or raises into a response."""

    @functools.wraps(handle)
    async def respond(request: Request) -> Response:
        answer: Answer = await attempt(request, functools.partial(handle, request))
        if isinstance(answer, Response):
            return answer
        status, content = answer
        return Response(to_json(content), status, _headers(status, content), media_type="application/json")

    return respond


def _headers(status: int, content: Any) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": ", ".join(content["allowed"])}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return {"Retry-After": str(content.get("retry_after", RETRY_SECONDS))}
    return {}


def sent_key(request: Request, in_url: bool = False) -> str:
    """The API key of a request; empty without one."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    sent = bearer.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    return sent or (request.query_params.get(KEY_PARAMETER, "") if in_url else "")


def key_hash_of(request: Request, cost: float = 1, in_url: bool = False) -> str:
    """The hash of the API key of a request; refuses a client that exceeds its rate, before the database is used."""
    sent = sent_key(request, in_url)
    if not sent:
        by_url = f", or the URL with `?{KEY_PARAMETER}=KEY`" if in_url else ""
        raise Refused(f"Send your API key as `Authorization: Bearer KEY` or `X-API-Key: KEY`{by_url}.", 401)
    key_hash = hash_of(sent)
    charge(request, key_hash, cost)
    return key_hash


def charge(request: Request, key_hash: str, cost: float) -> None:
    """Charge the cost of a request to the rate of its key."""
    if wait := backend_of(request).rates.take(key_hash, time.monotonic(), cost):
        raise TooOften(wait)


async def paced(request: Request, key_hash: str) -> None:
    """Wait until the rate of a key allows the next part of a request that is answered while it is read."""
    while wait := backend_of(request).rates.take(key_hash, time.monotonic()):  # noqa: ASYNC110 - until time passes
        await asyncio.sleep(wait)


async def holder_of(tx: Tx, key_hash: str) -> str:
    """The holder of a key, given its hash; refuses an unknown key."""
    holder = await keys.holder_of(tx, key_hash)
    if holder is None:
        raise Refused("This API key is unknown, or a newer one has replaced it.", 401)
    return holder


def with_fallback(routes: Sequence[Route]) -> list[BaseRoute]:
    """These routes, with a slash at the end or without; every other request gets an error in the same form."""
    known = [*routes, *(Route(f"{each.path}/", each.endpoint, methods=each.methods) for each in routes)]

    @endpoint
    async def unknown(request: Request) -> Answer:
        allowed = [route.methods or set() for route in known if route.matches(request.scope)[0] is Match.PARTIAL]
        if allowed:
            methods = sorted(set().union(*allowed))
            message = f"{request.url.path} accepts {' and '.join(methods)}, not {request.method}."
            return 405, {"message": message, "allowed": methods}
        return 404, {"message": f"There is nothing at {request.url.path}; /openapi.json describes what exists."}

    async def fallback(scope: Scope, receive: Receive, send: Send) -> None:
        await (await unknown(Request(scope, receive)))(scope, receive, send)

    return [*known, Mount("", app=fallback)]
