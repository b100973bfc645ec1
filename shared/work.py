"""How does a service declare what it calls outside?

A call outside is a row of the table `work` first. A worker claims rows that are due, calls, and records what came of
it; `shared.operations.working` runs it. No transaction is open during a call.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from zlib import crc32

from shared.contracts.requests import Question
from shared.storage.database import Tx
from shared.storage.work import Item

R = TypeVar("R")


class Ask(Protocol):
    """Sends a request to another service; raises `AskFailed`."""

    async def __call__(self, request: Question[R], /, *, service: str = "") -> R: ...


class LeaseLost(Exception):
    """Another replica may have claimed the item meanwhile, so the call must not take effect."""


@dataclass(frozen=True, slots=True)
class Call:
    """Call outside; `given` is what the call needs besides the item."""

    given: Any = None


@dataclass(frozen=True, slots=True)
class Done:
    """The item is finished, and is deleted."""


@dataclass(frozen=True, slots=True)
class Later:
    """The item is due at this time, with all of its tries: it was postponed, or it recurs."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """The item failed; it is due after the next delay, and a dead letter after the last one."""

    error: str
    irrevocable: bool = False
    """The call may have taken effect nevertheless, so the item is passed to `Worker.lost` then."""


Verdict = Done | Later | Retry
Verdicts = Mapping[str, Verdict]
"""What becomes of items, by key."""


@dataclass(eq=False, slots=True)
class Attempt:
    """One call for an item, and what came of it."""

    item: Item
    given: Any
    last: bool
    """No delay is left: if it fails, the item becomes a dead letter."""
    mark: Callable[[Item], Awaitable[None]]
    ask: Ask
    """Sends a request to another service; raises `AskFailed`."""
    called: bool = False
    """Whether the call began and was not canceled; otherwise the item is due as before."""
    irrevocable: bool = False
    """The call went past the point from which it may have taken effect."""
    value: Any = None
    error: Exception | None = None

    async def begin_effect(self) -> None:
        """Record that the call may take effect from here on, before it does. Raises `LeaseLost`.

        If the process ends after this, the item is passed to `Worker.lost` and is not called again by itself.
        """
        await self.mark(self.item)
        self.irrevocable = True


class Worker(ABC):
    """What is done with the items of one kind of work; each process of the service has one."""

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """Decide which of these items are called, in the transaction that claims them; by default, all of them."""
        return {}

    @abstractmethod
    async def call(self, attempt: Attempt) -> Any:
        """Call outside, with the item's key for idempotency. Several calls run at once, outside any transaction."""

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Store what came of these calls; by default, an item is done unless its call raised an error."""
        return {}

    async def lost(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """Decide about items whose process ended: the call may have taken effect, or no try is left.

        By default, they are called again and, if no try is left, become dead letters.
        """
        return {}

    async def close(self) -> None:  # noqa: B027 - most workers share nothing
        """Close what the calls share, such as connections."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A kind of work, and how it is done."""

    kind: str
    make: Callable[[], Worker]
    parallel: int
    """Calls at once in one process."""
    lease: timedelta
    """How long an item stays claimed, in real time; a call that takes four fifths of it is canceled and fails."""
    delays: tuple[float, ...] = field(default=())
    """Seconds before each retry of an item that failed, by the clock of the service."""
    endless: bool = False
    """An item is retried after the last delay again and again, and never becomes a dead letter."""
    waits: bool = False
    """The calls wait for something outside: they are not in flight, and a stop does not wait for them."""
    at_once: int = 0
    """The maximum number of items that are claimed at once; 0: twice as many as there are calls at once."""

    @property
    def claimable(self) -> int:
        return self.at_once or 2 * self.parallel

    def is_last(self, tries: int) -> bool:
        return not self.endless and tries > len(self.delays)

    def delay(self, key: str, tries: int) -> timedelta:
        """The delay after so many tries, a tenth longer or shorter by key, so that items do not fail in step."""
        if not self.delays:
            return timedelta()
        seconds = self.delays[min(tries, len(self.delays)) - 1]
        return timedelta(seconds=seconds * (0.9 + 0.2 * _fraction(f"{key} {tries}")))


def _fraction(text: str) -> float:
    """From 0 to 1, by the text."""
    return crc32(text.encode()) / 0xFFFFFFFF
