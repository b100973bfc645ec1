"""Which kinds of factor depend on dates, and what are their parameters? The second half of the grammar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from engines.scoring.kinds import ONE, STRICT, ModelInvalid, Named, fillable, within, without_places


@dataclass(frozen=True)
class Step:
    """The value of an event while it is less than `under_days` days old."""

    __pydantic_config__ = STRICT

    under_days: int
    value: Decimal


def grow(factor: str, steps: Iterable[Step]) -> None:
    ages = [step.under_days for step in steps]
    if not ages or ages != sorted(set(ages)) or ages[0] < 1:
        raise ModelInvalid(f"{factor}: there must be steps, with increasing under_days")


@dataclass(frozen=True)
class DatedBy:
    """The source of a date: a fact whose value is a date, a change of the person in a role, or a count that rose from
    one date to the next, at most `within_days` later; then the later date counts."""

    __pydantic_config__ = STRICT

    evidence: str
    fact: str | None = None
    contact: str | None = None
    rises: str | None = None
    within_days: int = 100

    def __post_init__(self) -> None:
        if sum(source is not None for source in (self.fact, self.contact, self.rises)) != 1:
            raise ModelInvalid(f"{self.evidence}: a date has exactly one source: fact, contact or rises")


@dataclass(frozen=True)
class RecencyFactor(Named):
    """The most recent of several dates, with a value that decreases with age (R26, R27)."""

    kind: Literal["recency"]
    dates: tuple[DatedBy, ...]
    steps: tuple[Step, ...]
    unknown: str
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        grow(self.factor, self.steps)
        within(self.factor, self.out_of, (step.value for step in self.steps))
        without_places(self.factor, *(dated.evidence for dated in self.dates))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for dated in self.dates for name in (dated.fact, dated.rises) if name)

    @property
    def most(self) -> Decimal:
        return max(step.value for step in self.steps)


@dataclass(frozen=True)
class AnomalyFactor(Named):
    """How unusual the latest volume is: clamp((|z| - from_z) / (full_z - from_z), 0, 1) (R29)."""

    kind: Literal["anomaly"]
    field: str
    at_least: int
    at_most: int
    from_z: Decimal
    full_z: Decimal
    evidence: str
    unknown: str

    def __post_init__(self) -> None:
        if not 2 <= self.at_least <= self.at_most:
            raise ModelInvalid(f"{self.factor}: a deviation needs 2 <= at_least <= at_most earlier volumes")
        if not 0 <= self.from_z < self.full_z:
            raise ModelInvalid(f"{self.factor}: from_z must be below full_z")
        fillable(self.factor, self.evidence, "value", "mean", "n", "z")

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True)
class EventPoints:
    """The value of one event of a kind. Its fact has the date of the event, and the number of events as its value."""

    __pydantic_config__ = STRICT

    label: str
    value: Decimal


@dataclass(frozen=True)
class EventsFactor(Named):
    """The sum of the values of events, each decreasing with age, limited by `cap` (R116)."""

    kind: Literal["events"]
    events: dict[str, EventPoints]
    cap: Decimal
    decay: tuple[Step, ...]
    unknown: str
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        grow(self.factor, self.decay)
        within(self.factor, ONE, (step.value for step in self.decay))
        within(self.factor, self.out_of, (self.cap,))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.events)

    @property
    def most(self) -> Decimal:
        return self.cap
