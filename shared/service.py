"""How is a service declared?

Routers collect what its modules declare: handlers of events, questions and commands, snapshots, jobs and workers. A
service is assembled from routers and is immutable; `shared.runtime` runs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import time, timedelta
from inspect import signature
from typing import Any, NamedTuple, TypeVar, get_type_hints

from starlette.routing import BaseRoute

from shared.contracts.events import Event
from shared.contracts.requests import Command, Question
from shared.storage.database import Tx
from shared.work import Declared, Worker

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])
W = TypeVar("W", bound=Callable[[], Worker])

Handler = Callable[[list[Any], Tx], Awaitable[None]]
RequestFunction = Callable[..., Awaitable[Any]]
PageReader = Callable[[str | None, int, Tx], Awaitable[list[tuple[str, Any]]]]
Job = Callable[[Tx], Awaitable[None]]
Routes = Callable[[], list[BaseRoute]]
Warn = Callable[[Tx], Awaitable[list[str]]]


class DeclaredTwice(Exception):
    """A service declares two handlers for one event or request, or two jobs with one name."""


class ContractMismatch(Exception):
    """A handler does not match the contract of its question or command."""


class Locks(NamedTuple):
    """Advisory locks on keys of a kind, as by `Tx.lock`; several transactions can have the `shared` ones at once."""

    kind: str = ""
    keys: Collection[str] = ()
    shared: Collection[str] = ()


LocksOf = Callable[[list[Any]], Locks]


@dataclass(frozen=True, slots=True)
class EventHandler:
    """Handles batches of an event; `locks` returns the locks that a batch needs."""

    event: type[Event]
    handle: Handler
    locks: LocksOf | None = None

    def locks_for(self, events: list[Any]) -> Locks:
        """The locks that these events need while they are handled."""
        return self.locks(events) if self.locks else Locks()


@dataclass(frozen=True, slots=True)
class RequestHandler:
    """Handles a question or command, and returns its reply."""

    request: type[Question[Any]]
    handle: RequestFunction
    in_transaction: bool = True


@dataclass(frozen=True, slots=True)
class SnapshotReader:
    """Reads the current state of everything that a service owns, as events."""

    event: type[Event]
    read: PageReader


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that the tick runs once a day, at a local time."""

    name: str
    at: time
    run: Job


class Router:
    """Collects what one module declares."""

    def __init__(self) -> None:
        self.handlers: list[EventHandler] = []
        self.requests: list[RequestHandler] = []
        self.jobs: list[Daily] = []
        self.workers: list[Declared] = []
        self.snapshots: list[SnapshotReader] = []

    def events(self, event: type[Event], *, locks: LocksOf | None = None) -> Callable[[F], F]:
        """Handle batches of an event: `async def handler(events, tx)`.

        The locks that `locks` returns are taken by the first statement of the transaction, without an extra round trip.
        """

        def declare(function: F) -> F:
            self.handlers.append(EventHandler(event, function, locks))
            return function

        return declare

    def question(self, function: F) -> F:
        """Handle a question: `async def waiting_groups(request: WaitingGroups, tx: Tx) -> list[Group]`.

        Without `tx`, no transaction is begun. Raises `ContractMismatch`.
        """
        self._add_request(function, is_command=False)
        return function

    def command(self, function: F) -> F:
        """Handle a command, with its effects in `tx`: a repeated command has one effect and gets the same reply.

        Without `tx`, the handler begins its own transactions and must be idempotent. Raises `ContractMismatch`.
        """
        self._add_request(function, is_command=True)
        return function

    def _add_request(self, function: F, *, is_command: bool) -> None:
        hints = get_type_hints(function)
        request, reply = hints["request"], hints["return"]
        if issubclass(request, Command) is not is_command:
            raise ContractMismatch(f"{request.__name__} is declared with @router.{_kind(not is_command)}.")
        if reply != request.REPLY:
            raise ContractMismatch(f"{function.__name__} returns {reply}; {request.__name__} declares {request.REPLY}.")
        in_transaction = "tx" in signature(function).parameters
        self.requests.append(RequestHandler(request, function, in_transaction))

    def snapshot(self, event: type[Event]) -> Callable[[F], F]:
        """Read a page of current states as events: `async def scores(after: str | None, limit: int, tx: Tx)`.

        Returns at most `limit` pairs of a key and an event, in the order of the keys, starting after the key `after`. A
        key is a text that identifies one state.
        """

        def declare(function: F) -> F:
            self.snapshots.append(SnapshotReader(event, function))
            return function

        return declare

    def worker(
        self,
        kind: str,
        *,
        parallel: int = 5,
        lease: timedelta = timedelta(minutes=2),
        delays: tuple[float, ...] = (60.0, 300.0, 1800.0, 7200.0),
        endless: bool = False,
        waits: bool = False,
        at_once: int = 0,
    ) -> Callable[[W], W]:
        """Do one kind of work, by a subclass of `shared.work.Worker`; `shared.work.Declared` explains the options."""

        def declare(make: W) -> W:
            self.workers.append(Declared(kind, make, parallel, lease, delays, endless, waits, at_once))
            return make

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
    """The declaration of a service; raises `DeclaredTwice`."""

    name: str
    handlers: tuple[EventHandler, ...] = ()
    requests: tuple[RequestHandler, ...] = ()
    jobs: tuple[Daily, ...] = ()
    snapshots: tuple[SnapshotReader, ...] = ()
    workers: tuple[Declared, ...] = ()
    on_start: Job | None = None
    """Runs in a transaction before the first event is consumed; in a simulation, when the time is first set."""
    routes: Routes | None = None
    warn: Warn | None = None
    """What an operator should look at although the service is ready, in sentences."""

    @classmethod
    def of(
        cls,
        name: str,
        *routers: Router,
        on_start: Job | None = None,
        routes: Routes | None = None,
        warn: Warn | None = None,
    ) -> Service:
        """Assemble a service; its jobs run in the order of routers and declarations. Raises `DeclaredTwice`."""
        return cls(
            name,
            tuple(handler for router in routers for handler in router.handlers),
            tuple(each for router in routers for each in router.requests),
            tuple(job for router in routers for job in router.jobs),
            tuple(each for router in routers for each in router.snapshots),
            tuple(each for router in routers for each in router.workers),
            on_start,
            routes,
            warn,
        )

    def __post_init__(self) -> None:
        self._refuse_duplicates("handlers of", [handler.event.SUBJECT for handler in self.handlers])
        self._refuse_duplicates("handlers of", [each.request.subject_at(self.name) for each in self.requests])
        self._refuse_duplicates("snapshots of", [each.event.SUBJECT for each in self.snapshots])
        self._refuse_duplicates("workers of", [each.kind for each in self.workers])
        self._refuse_duplicates("jobs named", [job.name for job in self.jobs])

    def _refuse_duplicates(self, what: str, names: list[str]) -> None:
        duplicates = sorted(name for name, times in Counter(names).items() if times > 1)
        if duplicates:
            raise DeclaredTwice(f"{self.name} has two {what} {', '.join(duplicates)}; remove one of them.")
