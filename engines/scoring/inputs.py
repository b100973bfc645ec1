"""What is known about a facility when it is scored?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """The value of one field at one date; None means explicitly unknown."""

    facility_id: str
    field: str
    as_of: date
    value: str | None
    event_id: UUID | None = None


@dataclass(frozen=True)
class Signal:
    """A hiring need, open through `expires_on`."""

    facility_id: str
    role_family: str
    signal_id: UUID
    last_seen_on: date
    expires_on: date
    urgency: int
    chronic: bool = False
    event_id: UUID | None = None


@dataclass(frozen=True)
class ContactChange:
    """The day from which another person has a role."""

    facility_id: str
    role: str
    changed_on: date
    event_id: UUID | None = None


@dataclass(frozen=True)
class Inputs:
    """All inputs of the score of a facility. `facts` has one fact per date for each field, oldest first."""

    facility_id: str
    state: str | None
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    changes: tuple[ContactChange, ...] = ()

    def latest(self, name: str, on: date) -> Fact | None:
        """The latest fact that is not dated after a day."""
        for fact in reversed(self.facts.get(name, ())):
            if fact.as_of <= on:
                return fact
        return None

    def ahead(self, name: str, on: date) -> tuple[date, ...]:
        """The future days of facts that are already reported."""
        several = self.facts.get(name)
        if not several or several[-1].as_of <= on:
            return ()
        return tuple(fact.as_of for fact in several if fact.as_of > on)


def gather(
    states: Mapping[str, str | None],
    facts: Iterable[Fact],
    signals: Iterable[Signal],
    changes: Iterable[ContactChange],
) -> list[Inputs]:
    """Combine sets of rows: one `Inputs` for each facility in `states`, in the order of their keys.

    Facts must be in the order of their events: of two with the same date, the later one counts (2b).
    """
    facts_of: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    signals_of: dict[str, list[Signal]] = defaultdict(list)
    changes_of: dict[str, list[ContactChange]] = defaultdict(list)
    for fact in facts:
        facts_of[fact.facility_id][fact.field].append(fact)
    for signal in signals:
        signals_of[signal.facility_id].append(signal)
    for change in changes:
        changes_of[change.facility_id].append(change)
    return [
        Inputs(
            facility_id=facility_id,
            state=states[facility_id],
            facts={name: _by_date(several) for name, several in facts_of[facility_id].items()},
            signals=tuple(signals_of[facility_id]),
            changes=tuple(changes_of[facility_id]),
        )
        for facility_id in sorted(states)
    ]


def _by_date(several: list[Fact]) -> tuple[Fact, ...]:
    """One fact per date, oldest first, so that reading a file twice has no further effect."""
    if len(several) == 1:
        return (several[0],)
    return tuple(sorted({fact.as_of: fact for fact in several}.values(), key=lambda fact: fact.as_of))


def number(value: str | None) -> Decimal | None:
    """A fact's value as a number; None if it is not one, so that a single bad cell cannot prevent a score."""
    try:
        read = Decimal(value) if value is not None else None
    except InvalidOperation:
        return None
    return read if read is not None and read.is_finite() else None


def day(value: str | None) -> date | None:
    """A fact's value as a date; None if it is not one."""
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError:
        return None


def plain(value: Decimal) -> Decimal:
    """The same number in its shortest form, without an exponent: 25.2000 is 25.2 and 2E+1 is 20."""
    return Decimal(f"{value.normalize():f}")
