"""How does a function say what it handles?

The decorators only mark a function; `shared.runtime.App` collects the marks of the modules it is given.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import time
from types import ModuleType
from typing import Any, NamedTuple, TypeVar, get_type_hints

from pydantic import BaseModel

from shared.contracts.events import Event
from shared.storage.database import Tx

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

Handler = Callable[[list[Any], Tx], Awaitable[None]]
Answerer = Callable[..., Awaitable[Any]]
Job = Callable[[Tx], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question or command that a service answers by request/reply."""

    name: str
    subject: str | None
    request: type[BaseModel]
    answer: Answerer
    in_transaction: bool = True


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that the tick of the clock runs once a day, at a local time."""

    name: str
    at: time
    run: Job


class Held(NamedTuple):
    """Keys of a kind that a batch holds, as `Tx.lock` would; the shared ones together with whoever shares them."""

    kind: str = ""
    keys: Collection[str] = ()
    shared: Collection[str] = ()


def on(event: type[Event], *, hold: Callable[[list[Any]], Held] | None = None) -> Callable[[F], F]:
    """Handle batches of an event: `async def handler(events, tx)`.

    What `hold` names is held from the first statement on to the end of the transaction: it costs no round trip.
    """

    def decorate(function: F) -> F:
        return _mark("holds", hold)(_mark("handles", event)(function))

    return decorate


def held_by(handler: Handler, events: list[Any]) -> Held:
    """What a handler is to hold while it handles these."""
    hold: Callable[[list[Any]], Held] | None = getattr(handler, "holds", None)
    return hold(events) if hold else Held()


def ask(name: str = "", *, subject: str | None = None) -> Callable[[F], F]:
    """Answer `<service>.ask.<name>`: `async def answer(request, tx)`; the request is the annotated pydantic model."""
    return _mark("answers", (name, subject))


def daily(at: str) -> Callable[[F], F]:
    """Run once a day at a local time (`"06:00"`): `async def job(tx)`."""
    return _mark("runs_at", time.fromisoformat(at))


def _mark(attribute: str, value: object) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        setattr(function, attribute, value)
        return function

    return decorate


def handlers_in(modules: list[ModuleType]) -> dict[type[Event], Handler]:
    return {function.handles: function for function in _marked(modules, "handles")}


def asks_in(modules: list[ModuleType]) -> list[Ask]:
    return [_ask_of(function) for function in _marked(modules, "answers")]


def jobs_in(modules: list[ModuleType]) -> list[Daily]:
    return [Daily(function.__name__, function.runs_at, function) for function in _marked(modules, "runs_at")]


def _ask_of(function: Any) -> Ask:
    name, subject = function.answers
    return Ask(name or subject, subject, get_type_hints(function)["request"], function)


def _marked(modules: list[ModuleType], attribute: str) -> list[Any]:
    return [
        value
        for module in modules
        for value in vars(module).values()
        if callable(value) and hasattr(value, attribute) and getattr(value, "__module__", None) == module.__name__
    ]
