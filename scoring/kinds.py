"""Which kinds of factor are there, and what does each need to know? The grammar of a factor in `scoring.yaml`.

Values lie between 0 and `out_of` (1 unless said), so that a model that counts in points can name its points: with a
weight of 0.35 and `out_of: 35`, a value of 20 is 20 of 100 points, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

STRICT = {"extra": "forbid"}
URGENCIES = 5
ONE, ZERO = Decimal(1), Decimal(0)


class ModelInvalid(ValueError):
    """A scoring model contradicts itself; the message says where."""


@dataclass(frozen=True)
class Role:
    """A role family: what people call it, and its share of the factor."""

    __pydantic_config__ = STRICT

    label: str
    weight: Decimal


@dataclass(frozen=True)
class SignalFactor:
    """The best open signal: role weight times the lift of its urgency (R24)."""

    __pydantic_config__ = STRICT

    kind: Literal["signal"]
    factor: str
    label: str
    weight: Decimal
    roles: dict[str, Role]
    lift: tuple[Decimal, ...]
    none_open: str

    def __post_init__(self) -> None:
        if len(self.lift) != URGENCIES:
            raise ModelInvalid(f"{self.factor}: lift needs {URGENCIES} values, for urgency 0 to {URGENCIES - 1}")
        _within(self.factor, ONE, (*self.lift, *(role.weight for role in self.roles.values())))

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    @property
    def out_of(self) -> Decimal:
        return ONE

    @property
    def most(self) -> Decimal:
        return max((role.weight for role in self.roles.values()), default=ZERO) * max(self.lift)


@dataclass(frozen=True)
class MapFactor:
    """A value for each value of a fact; of several, joined by `|`, the best; any other known value gives `otherwise`
    (R25, R28, R90)."""

    __pydantic_config__ = STRICT

    kind: Literal["map"]
    factor: str
    label: str
    weight: Decimal
    field: str
    values: dict[str, Decimal]
    evidence: str
    unknown: str
    otherwise: Decimal = ZERO
    if_unknown: Decimal = ZERO
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        _within(self.factor, self.out_of, (*self.values.values(), self.otherwise, self.if_unknown))

    @cached_property
    def folded(self) -> dict[str, Decimal]:
        return {text.casefold(): value for text, value in self.values.items()}

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def most(self) -> Decimal:
        return max(*self.values.values(), self.otherwise, self.if_unknown)


@dataclass(frozen=True)
class Band:
    """What a number is worth from a bound on: `at_least` includes the bound, `over` does not."""

    __pydantic_config__ = STRICT

    value: Decimal
    at_least: Decimal | None = None
    over: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.over is None):
            raise ModelInvalid("a band has a bound, at_least or over, and only one")

    @property
    def bound(self) -> tuple[Decimal, bool]:
        return (self.over, True) if self.over is not None else (self.at_least or ZERO, False)

    def holds(self, number: Decimal) -> bool:
        return number > self.over if self.over is not None else number >= (self.at_least or ZERO)


@dataclass(frozen=True)
class Classes:
    """What a number that is unknown, or below every band, gives way to: the values of another, worded fact."""

    __pydantic_config__ = STRICT

    field: str
    values: dict[str, Decimal]


@dataclass(frozen=True)
class BandsFactor:
    """A value for each range of a number; the highest band that holds counts (R89, R92, R113, R115)."""

    __pydantic_config__ = STRICT

    kind: Literal["bands"]
    factor: str
    label: str
    weight: Decimal
    field: str
    bands: tuple[Band, ...]
    evidence: str
    unknown: str
    otherwise: Decimal = ZERO
    if_unknown: Decimal = ZERO
    out_of: Decimal = ONE
    classes: Classes | None = None

    def __post_init__(self) -> None:
        bounds = [band.bound for band in self.bands]
        if not bounds or bounds != sorted(set(bounds)):
            raise ModelInvalid(f"{self.factor}: bands must be there and their bounds must grow")
        _within(self.factor, self.out_of, self._values)

    @property
    def _values(self) -> tuple[Decimal, ...]:
        classed = self.classes.values.values() if self.classes else ()
        return *(band.value for band in self.bands), *classed, self.otherwise, self.if_unknown

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return (self.field, self.classes.field) if self.classes else (self.field,)

    @property
    def most(self) -> Decimal:
        return max(self._values)


@dataclass(frozen=True)
class OverlapFactor:
    """Which share of a list a fact's own list, joined by `|`, has in common with it (R91)."""

    __pydantic_config__ = STRICT

    kind: Literal["overlap"]
    factor: str
    label: str
    weight: Decimal
    field: str
    of: tuple[str, ...]
    evidence: str
    unknown: str
    decimals: int | None = None
    """To how many decimals the points are rounded, half to even; not at all unless said."""

    def __post_init__(self) -> None:
        if not self.of or len(self.folded) != len(self.of):
            raise ModelInvalid(f"{self.factor}: the list to compare with must not be empty, nor name anything twice")

    @cached_property
    def folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.of}

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def out_of(self) -> Decimal:
        return Decimal(len(self.of))

    @property
    def most(self) -> Decimal:
        return self.out_of


@dataclass(frozen=True)
class DatedBy:
    """Where a date comes from: a fact whose value is a date, a change of the person in a role, or a count that rose
    from one date to the next, at most `within_days` later, which dates the cause to the later one."""

    __pydantic_config__ = STRICT

    evidence: str
    fact: str | None = None
    contact: str | None = None
    rises: str | None = None
    within_days: int = 100

    def __post_init__(self) -> None:
        if sum(source is not None for source in (self.fact, self.contact, self.rises)) != 1:
            raise ModelInvalid(f"{self.evidence}: a date comes from a fact, a contact or a count that rises, from one")


@dataclass(frozen=True)
class Step:
    """What an event is worth while it is younger than so many days."""

    __pydantic_config__ = STRICT

    under_days: int
    value: Decimal


@dataclass(frozen=True)
class RecencyFactor:
    """The most recent of several dates, worth less as it ages (R26, R27)."""

    __pydantic_config__ = STRICT

    kind: Literal["recency"]
    factor: str
    label: str
    weight: Decimal
    dates: tuple[DatedBy, ...]
    steps: tuple[Step, ...]
    unknown: str
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        _grow(self.factor, self.steps)
        _within(self.factor, self.out_of, (step.value for step in self.steps))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for dated in self.dates for name in (dated.fact, dated.rises) if name)

    @property
    def most(self) -> Decimal:
        return max(step.value for step in self.steps)


@dataclass(frozen=True)
class AnomalyFactor:
    """How unusual the latest volume is: clamp((|z| - from_z) / (full_z - from_z), 0, 1) (R29)."""

    __pydantic_config__ = STRICT

    kind: Literal["anomaly"]
    factor: str
    label: str
    weight: Decimal
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

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def out_of(self) -> Decimal:
        return ONE

    @property
    def most(self) -> Decimal:
        return ONE


@dataclass(frozen=True)
class EventPoints:
    """What one event of a sort is worth. It is a fact whose date is the event's and whose value is how many."""

    __pydantic_config__ = STRICT

    label: str
    value: Decimal


@dataclass(frozen=True)
class EventsFactor:
    """The sum of what events are worth, each less as it ages, at most `cap` in all (R116)."""

    __pydantic_config__ = STRICT

    kind: Literal["events"]
    factor: str
    label: str
    weight: Decimal
    events: dict[str, EventPoints]
    cap: Decimal
    decay: tuple[Step, ...]
    unknown: str
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        _grow(self.factor, self.decay)
        _within(self.factor, ONE, (step.value for step in self.decay))
        _within(self.factor, self.out_of, (self.cap,))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.events)

    @property
    def most(self) -> Decimal:
        return self.cap


Factor = SignalFactor | MapFactor | BandsFactor | OverlapFactor | RecencyFactor | AnomalyFactor | EventsFactor


def _grow(factor: str, steps: Iterable[Step]) -> None:
    ages = [step.under_days for step in steps]
    if not ages or ages != sorted(set(ages)) or ages[0] < 1:
        raise ModelInvalid(f"{factor}: steps must be there and grow in under_days")


def _within(factor: str, most: Decimal, values: Iterable[Decimal]) -> None:
    if most <= 0 or any(not 0 <= value <= most for value in values):
        raise ModelInvalid(f"{factor}: every value must lie between 0 and {most}")
