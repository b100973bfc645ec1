"""Which parts of its service may an endpoint use, and which status does an error have?"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from pydantic_core import from_json
from starlette.requests import Request

from shared.contracts.refusals import Refused
from shared.http.rates import Rates
from shared.refusing import refusal_of
from shared.storage.database import Begin
from shared.work import Ask

log = structlog.get_logger()

T = TypeVar("T")

RETRY_SECONDS = 5
"""When a client may retry: about as long as a server takes to start, or a standby to take over."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The parts of a service that its endpoints use."""

    service: str
    begin: Begin
    ask: Ask
    rates: Rates
    starting: Callable[[], str]
    """What the start of the service waits for; empty once it has started."""
    heard: Callable[[], Mapping[str, float]]
    """By the service that publishes what this one consumes: the seconds since the server last replied to a consumer."""
    notices: Callable[[str], AsyncIterator[str]]
    """What transactions notify on a channel; an empty text when listening begins."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """The service stops: requests that wait for something are to end now, because they are cut off soon."""
    streams: Counter[str] = field(default_factory=Counter)
    """How many requests of a caller are being answered while they are read."""


class TooOften(Refused):
    """A client exceeded its rate, or how many requests it may send at once."""

    def __init__(self, seconds: float, what: str = "Too many requests") -> None:
        self.seconds = math.ceil(seconds)
        super().__init__(f"{what}; wait {self.seconds} s.", 429)


def backend_of(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


async def body_of(request: Request, limit: int) -> bytes:
    """The body; refuses one of more than `limit` bytes before all of it has arrived, whatever its header declares."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Refused(f"A request can have at most {limit:,} bytes; send less at a time.", 413)
    return bytes(body)


async def json_of(request: Request, limit: int) -> Any:
    """The body as JSON; refuses one that is none, and one of more than `limit` bytes."""
    body = await body_of(request, limit)
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Refused(f"The body is not JSON: {error}", 400) from error


def has_body(request: Request) -> bool:
    return request.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in request.headers


async def attempt(request: Request, run: Callable[[], Awaitable[T]]) -> T | tuple[int, dict[str, Any]]:
    """The result of an endpoint, or the status and content of the error that it raised."""
    if starting := backend_of(request).starting():
        return 503, {"message": f"Try again in a moment: {starting}.", "retry_after": RETRY_SECONDS}
    try:
        return await run()
    except TooOften as often:
        return often.code, {"message": str(often), "retry_after": often.seconds}
    except Exception as error:
        return failure_of(request, error)


def failure_of(request: Request, error: Exception) -> tuple[int, dict[str, Any]]:
    """The status and the content of an error; one that is a bug of ours is logged."""
    refusal = refusal_of(error, backend_of(request).service)
    # Only the path is logged, because the query may contain a key.
    if refusal is None:
        log.exception("http.failed", path=request.url.path)
        return 500, {"message": "This failed on our side; the request id finds it in our log."}
    content: dict[str, Any] = {"message": str(refusal), "errors": refusal.fields}
    if refusal.code == HTTPStatus.SERVICE_UNAVAILABLE:
        log.warning("http.postponed", path=request.url.path, error=str(error))
        content["retry_after"] = RETRY_SECONDS
    return refusal.code, content
