"""What is a service made of?

Routers collect what its modules declare: handlers of events, answers to questions and commands, jobs. A service is put
together from them and never changes; `shared.runtime` is one run of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import time
from inspect import signature
from typing import Any, NamedTuple, TypeVar, get_type_hints

from pydantic import BaseModel
from starlette.routing import BaseRoute

from shared.contracts.events import Event
from shared.contracts.requests import Command, Question
from shared.storage.database import Tx

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

Handler = Callable[[list[Any], Tx], Awaitable[None]]
Answerer = Callable[..., Awaitable[Any]]
PageReader = Callable[[str | None, int, Tx], Awaitable[list[tuple[str, Any]]]]
Job = Callable[[Tx], Awaitable[None]]
Routes = Callable[[], list[BaseRoute]]


class DeclaredTwice(Exception):
    """A service says twice what happens with the same event, question or job."""


class ContractMismatch(Exception):
    """A module answers a question or command otherwise than its contract says."""


class Locks(NamedTuple):
    """Keys of a kind that a batch holds, as `Tx.lock` would; the shared ones together with whoever shares them."""

    kind: str = ""
    keys: Collection[str] = ()
    shared: Collection[str] = ()


LocksOf = Callable[[list[Any]], Locks]


@dataclass(frozen=True, slots=True)
class EventHandler:
    """What a service does with batches of an event, and what it locks meanwhile."""

    event: type[Event]
    handle: Handler
    locks: LocksOf | None = None

    def locks_for(self, events: list[Any]) -> Locks:
        """What is to be locked while these are handled."""
        return self.locks(events) if self.locks else Locks()


@dataclass(frozen=True, slots=True)
class RequestHandler:
    """What a service does with a question or command that it is asked by request/reply."""

    request: type[BaseModel]
    answer: Answerer
    in_transaction: bool = True
    name: str = ""
    subject: str | None = None

    def subject_at(self, service: str) -> str:
        """Where a service is asked this."""
        if issubclass(self.request, Question):
            return self.request.subject_at(service)
        return self.subject or f"{service}.ask.{self.name}"


@dataclass(frozen=True, slots=True)
class SnapshotReader:
    """Reads the current state of everything that a service states by an event."""

    event: type[Event]
    read: PageReader


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that the tick of the clock runs once a day, at a local time."""

    name: str
    at: time
    run: Job


class Router:
    """Collects what one module declares."""

    def __init__(self) -> None:
        self.handlers: list[EventHandler] = []
        self.requests: list[RequestHandler] = []
        self.jobs: list[Daily] = []
        self.snapshots: list[SnapshotReader] = []

    def events(self, event: type[Event], *, locks: LocksOf | None = None) -> Callable[[F], F]:
        """Handle batches of an event: `async def handler(events, tx)`.

        What `locks` names is locked from the first statement on to the end of the transaction: it costs no round trip.
        """

        def declare(function: F) -> F:
            self.handlers.append(EventHandler(event, function, locks))
            return function

        return declare

    def ask(self, name: str = "", *, subject: str | None = None) -> Callable[[F], F]:
        """Answer `<service>.ask.<name>`: `async def answer(request, tx)`; `request` is the annotated pydantic model.

        The former way; `question` and `command` take its place.
        """

        def declare(function: F) -> F:
            request = get_type_hints(function)["request"]
            self.requests.append(RequestHandler(request, function, True, name or subject or "", subject))
            return function

        return declare

    def question(self, function: F) -> F:
        """Answer a question: `async def waiting_groups(request: WaitingGroups, tx: Tx) -> list[Group]`.

        Without `tx` it is answered without a transaction. Raises `ContractMismatch`.
        """
        self._answer(function, is_command=False)
        return function

    def command(self, function: F) -> F:
        """Carry out a command, with its effects in `tx`: asked twice, it has one effect and the same answer.

        Without `tx` it begins transactions of its own, and has to be harmless twice by itself.
        Raises `ContractMismatch`.
        """
        self._answer(function, is_command=True)
        return function

    def _answer(self, function: F, *, is_command: bool) -> None:
        hints = get_type_hints(function)
        request, reply = hints["request"], hints["return"]
        if issubclass(request, Command) is not is_command:
            raise ContractMismatch(f"{request.__name__} is declared with @router.{_kind(not is_command)}.")
        if reply != request.REPLY:
            raise ContractMismatch(f"{function.__name__} returns {reply}; {request.__name__} says {request.REPLY}.")
        in_transaction = "tx" in signature(function).parameters
        self.requests.append(RequestHandler(request, function, in_transaction, request.NAME))

    def snapshot(self, event: type[Event]) -> Callable[[F], F]:
        """Read a page of current states as events: `async def scores(after: str | None, limit: int, tx: Tx)`.

        It returns at most `limit` pairs of a key and an event, in the order of the keys, from the first key beyond
        `after` on. A key is a text that identifies one state.
        """

        def declare(function: F) -> F:
            self.snapshots.append(SnapshotReader(event, function))
            return function

        return declare

    def daily(self, at: str) -> Callable[[F], F]:
        """Run once a day at a local time (`"06:00"`): `async def job(tx)`."""

        def declare(function: F) -> F:
            self.jobs.append(Daily(function.__name__, time.fromisoformat(at), function))
            return function

        return declare


def _kind(is_command: bool) -> str:
    return "command" if is_command else "question"


@dataclass(frozen=True)
class Service:
    """What a service is, apart from any run of it; raises `DeclaredTwice`."""

    name: str
    handlers: tuple[EventHandler, ...] = ()
    requests: tuple[RequestHandler, ...] = ()
    jobs: tuple[Daily, ...] = ()
    snapshots: tuple[SnapshotReader, ...] = ()
    on_start: Job | None = None
    """Runs before the first event is taken, in a transaction; in a simulation, when the time is first told."""
    routes: Routes | None = None

    @classmethod
    def of(cls, name: str, *routers: Router, on_start: Job | None = None, routes: Routes | None = None) -> Service:
        """Jobs run in the order of routers and of declarations; raises `DeclaredTwice`."""
        return cls(
            name,
            tuple(handler for router in routers for handler in router.handlers),
            tuple(each for router in routers for each in router.requests),
            tuple(job for router in routers for job in router.jobs),
            tuple(each for router in routers for each in router.snapshots),
            on_start,
            routes,
        )

    def __post_init__(self) -> None:
        self._refuse_doubles("handlers of", [handler.event.SUBJECT for handler in self.handlers])
        self._refuse_doubles("answers to", [each.subject_at(self.name) for each in self.requests])
        self._refuse_doubles("snapshots of", [each.event.SUBJECT for each in self.snapshots])
        self._refuse_doubles("jobs named", [job.name for job in self.jobs])

    def _refuse_doubles(self, what: str, names: list[str]) -> None:
        doubles = sorted(name for name, times in Counter(names).items() if times > 1)
        if doubles:
            raise DeclaredTwice(f"{self.name} has two {what} {', '.join(doubles)}; leave one of them.")
