"""What may an endpoint use of its service, and which status does an error have?"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog
from starlette.requests import Request

from shared.contracts.envelope import TooLong
from shared.contracts.refusals import Refused
from shared.contracts.requests import Question
from shared.http.rates import Rates
from shared.storage.database import UNSTORABLE, DatabaseUnavailable, unstorable
from shared.storage.transactions import Begin

log = structlog.get_logger()

R = TypeVar("R")
T = TypeVar("T")

RETRY_SECONDS = 5
"""When a client may retry: about as long as a server takes to start, or a standby to take over."""


class Ask(Protocol):
    """Sends a request to another service; raises `AskFailed`."""

    async def __call__(self, request: Question[R], /) -> R: ...


@dataclass(frozen=True, slots=True)
class Backend:
    """The parts of a service that its endpoints use."""

    begin: Begin
    ask: Ask
    rates: Rates
    starting: Callable[[], str]
    """What the start of the service waits for; empty once it has started."""


class TooOften(Refused):
    """A client exceeds its rate."""

    def __init__(self, seconds: float) -> None:
        self.seconds = math.ceil(seconds)
        super().__init__(f"Too many requests; wait {self.seconds} s.", 429)


def backend_of(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


async def body_of(request: Request, limit: int) -> bytes:
    """The body; refuses one of more than `limit` bytes before all of it has arrived, whatever its header declares."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Refused(f"A request has at most {limit:,} bytes; send less at a time.", 413)
    return bytes(body)


async def attempt(request: Request, run: Callable[[], Awaitable[T]]) -> T | tuple[int, dict[str, Any]]:
    """The result of an endpoint, or the status and content of the error that it raised."""
    if starting := backend_of(request).starting():
        return 503, {"message": f"Try again in a moment: {starting}.", "retry_after": RETRY_SECONDS}
    try:
        return await run()
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
        message = "The database is unavailable or read-only; try again in a moment."
        return 503, {"message": message, "retry_after": RETRY_SECONDS}
    except Exception:
        # Only the path, because the query may contain a key.
        log.exception("http.failed", path=request.url.path)
        return 500, {"message": "This failed on our side; the request id finds it in our log."}
