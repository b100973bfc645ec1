"""How does the command line send requests to the running stack?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from cli.stack import stackfile
from cli.stack.target import StackError
from shared.contracts.refusals import AskFailed
from shared.messaging.tls import from_environment

if TYPE_CHECKING:
    from shared.contracts.requests import Question
    from shared.messaging.broker import Broker

T = TypeVar("T")
R = TypeVar("R")
Q = TypeVar("Q", bound="Question[Any]")

PAGE = 2_000
TOO_LARGE = 413


def nats_url() -> str:
    """The address of NATS for the user `cli`: `PIPELINE_NATS_URL`, or that of the running embedded stack."""
    if url := os.environ.get("PIPELINE_NATS_URL"):
        return url
    stack = stackfile.read(stackfile.home())
    if stack is None and stackfile.recorded(stackfile.home()):
        raise StackError("The stack's supervisor died. `pipeline down` ends what it left running.")
    if stack is None:
        raise StackError("No stack is running here. `pipeline up` starts one, `make demo` one with invented data.")
    return stack.nats_urls["cli"]


@asynccontextmanager
async def connected() -> AsyncIterator[Broker]:
    """A connection for one command; raises `StackError` if NATS does not respond."""
    from shared.messaging.broker import UNAVAILABLE, connect

    try:
        broker = await asyncio.wait_for(connect(nats_url(), "cli", tls=from_environment()), 10)
    except ValueError as error:
        raise StackError(f"PIPELINE_NATS_URL {error}.") from None
    except UNAVAILABLE as error:
        raise StackError(f"NATS does not respond: {str(error) or type(error).__name__}.") from error
    try:
        yield broker
    finally:
        await broker.client.close()


def talk(conversation: Callable[[Broker], Awaitable[T]]) -> T:
    """Run a coroutine with a connection to the stack."""

    async def run() -> T:
        async with connected() as broker:
            return await conversation(broker)

    return asyncio.run(run())


def ask(request: Question[R], *, service: str = "") -> R:
    """Send one question or command, to `service` if every service handles it; raises `AskFailed`."""
    return talk(lambda broker: broker.ask(request, service=service))


async def pages(
    broker: Broker, request: Question[list[R]], key: tuple[str, ...], service: str = ""
) -> AsyncIterator[list[R]]:
    """All pages of a long reply; a page starts after the last row's key: these fields, joined by a slash.

    A page that exceeds the message size of NATS is requested in halves.
    """
    after, limit = None, PAGE
    while True:
        try:
            page = request.model_copy(update={"after": after, "limit": limit})
            rows = await broker.ask(page, service=service)
        except AskFailed as failed:
            if failed.code != TOO_LARGE or limit == 1:
                raise
            limit //= 2
            continue
        if not rows:
            return
        yield rows
        last = "/".join(str(getattr(rows[-1], name)) for name in key)
        if last == after:
            raise AskFailed(f"The pages of {request.NAME} do not advance beyond {after}.", 500)
        after = last


def made(kind: type[Q], /, **fields: Any) -> Q:
    """A question or command; raises `AskFailed` with its problems, as its service would."""
    from pydantic import ValidationError

    from engines.problems import problems, sentence

    try:
        return kind(**fields)
    except ValidationError as invalid:
        raise AskFailed(sentence(invalid, "request"), 400, problems(invalid, "request")) from invalid


async def persistently(broker: Broker, request: Question[R], *, patience: float = 10.0, service: str = "") -> R:
    """Send a request until there is a reply, because a service may be restarting. A repeated command has one effect."""
    for attempt in range(60):
        try:
            return await broker.ask(request, timeout_seconds=patience, service=service)
        except AskFailed as failed:
            if failed.code not in (503, 504) or attempt == 59:
                raise
            await asyncio.sleep(0.25)
    raise AssertionError("unreachable")
