"""How does the command line talk to the stack that is up?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, overload

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
    """Where the stack is reached as the user `cli`: `PIPELINE_NATS_URL`, or the embedded stack that is up."""
    if url := os.environ.get("PIPELINE_NATS_URL"):
        return url
    stack = stackfile.read(stackfile.home())
    if stack is None and stackfile.recorded(stackfile.home()):
        raise StackError("The stack's supervisor died. `pipeline down` clears up what it left behind.")
    if stack is None:
        raise StackError("No stack is up here. `pipeline up` starts one, `make demo` one with invented data.")
    return stack.nats_urls["cli"]


@asynccontextmanager
async def connected() -> AsyncIterator[Broker]:
    """A connection for one command; raises `StackError` when nobody answers."""
    from shared.messaging.broker import UNAVAILABLE, connect

    try:
        broker = await asyncio.wait_for(connect(nats_url(), "cli", tls=from_environment()), 10)
    except UNAVAILABLE as error:
        raise StackError(f"NATS does not answer: {str(error) or type(error).__name__}.") from error
    try:
        yield broker
    finally:
        await broker.client.close()


def talk(conversation: Callable[[Broker], Awaitable[T]]) -> T:
    """Run one conversation with the stack to its end."""

    async def whole() -> T:
        async with connected() as broker:
            return await conversation(broker)

    return asyncio.run(whole())


@overload
def ask(request: Question[R], *, service: str = "") -> R: ...


@overload
def ask(request: str, payload: Any = None) -> Any: ...


def ask(request: str | Question[Any], payload: Any = None, *, service: str = "") -> Any:
    """Put one question or command, to `service` where every service answers it; raises `AskFailed`."""
    if isinstance(request, str):
        subject = request
        return talk(lambda broker: broker.ask(subject, payload or {}))
    question = request
    return talk(lambda broker: broker.ask(question, service=service))


@overload
def pages(
    broker: Broker, request: Question[list[R]], key: tuple[str, ...], service: str = ""
) -> AsyncIterator[list[R]]: ...


@overload
def pages(broker: Broker, request: str, key: tuple[str, ...]) -> AsyncIterator[list[dict[str, Any]]]: ...


async def pages(
    broker: Broker, request: str | Question[Any], key: tuple[str, ...], service: str = ""
) -> AsyncIterator[list[Any]]:
    """All pages of a long answer, which continues after the last row's key: these columns, joined by a slash.

    A page that NATS does not take is asked for in halves.
    """
    after, limit = None, PAGE
    while True:
        try:
            rows = await _page(broker, request, {"after": after, "limit": limit}, service)
        except AskFailed as failed:
            if failed.code != TOO_LARGE or limit == 1:
                raise
            limit //= 2
            continue
        if not rows:
            return
        yield rows
        last = "/".join(str(_cell(rows[-1], name)) for name in key)
        if last == after:
            raise AskFailed(f"The pages of {request} do not go on after {after}.", 500)
        after = last


async def _page(broker: Broker, request: str | Question[Any], page: dict[str, Any], service: str) -> Any:
    if isinstance(request, str):
        return await broker.ask(request, page)
    return await broker.ask(request.model_copy(update=page), service=service)


def _cell(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def made(kind: type[Q], **fields: Any) -> Q:
    """A question or command; raises `AskFailed` with what is wrong with it, as its service would."""
    from pydantic import ValidationError

    from shared.problems import problems, sentence

    try:
        return kind(**fields)
    except ValidationError as invalid:
        raise AskFailed(sentence(invalid, "request"), 400, problems(invalid, "request")) from invalid


@overload
async def persistently(broker: Broker, request: Question[R], *, patience: float = 10.0, service: str = "") -> R: ...


@overload
async def persistently(broker: Broker, request: str, payload: Any, patience: float = 10.0) -> Any: ...


async def persistently(
    broker: Broker, request: str | Question[Any], payload: Any = None, patience: float = 10.0, *, service: str = ""
) -> Any:
    """Ask until answered, while a service may be restarting: a command that is asked twice has one effect."""
    for attempt in range(60):
        try:
            if isinstance(request, str):
                return await broker.ask(request, payload, patience)
            return await broker.ask(request, timeout_seconds=patience, service=service)
        except AskFailed as failed:
            if failed.code not in (503, 504) or attempt == 59:
                raise
            await asyncio.sleep(0.25)
    raise AssertionError("unreachable")
