"""Which kinds of factor rest on how things stand, and what does each need to know? Half of the grammar of a factor.

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


def within(factor: str, most: Decimal, values: Iterable[Decimal]) -> None:
    if most <= 0 or any(not 0 <= value <= most for value in values):
        raise ModelInvalid(f"{factor}: every value must lie between 0 and {most}")


@dataclass(frozen=True)
class Named:
    """What factors of every kind have: a name, what people call it, and its share of the score."""

    __pydantic_config__ = STRICT

    factor: str
    label: str
    weight: Decimal

    @property
    def fields(self) -> tuple[str, ...]:
        """The facts that it reads."""
        return ()

    @property
    def out_of(self) -> Decimal:
        """Of how many its values are a share."""
        return ONE

    @property
    def most(self) -> Decimal:
        """The highest value that it can have."""
        return ONE


@dataclass(frozen=True)
class Role:
    """A role family: what people call it, and its share of the factor."""

    __pydantic_config__ = STRICT

    label: str
    weight: Decimal


@dataclass(frozen=True)
class SignalFactor(Named):
    """The best open signal: role weight times the lift of its urgency (R24)."""

    kind: Literal["signal"]
    roles: dict[str, Role]
    lift: tuple[Decimal, ...]
    none_open: str

    def __post_init__(self) -> None:
        if len(self.lift) != URGENCIES:
            raise ModelInvalid(f"{self.factor}: lift needs {URGENCIES} values, for urgency 0 to {URGENCIES - 1}")
        within(self.factor, ONE, (*self.lift, *(role.weight for role in self.roles.values())))

    @property
    def most(self) -> Decimal:
        return max((role.weight for role in self.roles.values()), default=ZERO) * max(self.lift)


@dataclass(frozen=True)
class MapFactor(Named):
    """A value for each value of a fact; of several, joined by `|`, the best; any other known value gives `otherwise`
    (R25, R28, R90)."""

    kind: Literal["map"]
    field: str
    values: dict[str, Decimal]
    evidence: str
    unknown: str
    otherwise: Decimal = ZERO
    if_unknown: Decimal = ZERO
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        within(self.factor, self.out_of, (*self.values.values(), self.otherwise, self.if_unknown))

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
class BandsFactor(Named):
    """A value for each range of a number; the highest band that holds counts (R89, R92, R113, R115)."""

    kind: Literal["bands"]
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
        within(self.factor, self.out_of, self._values)

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
class OverlapFactor(Named):
    """Which share of a list a fact's own list, joined by `|`, has in common with it (R91)."""

    kind: Literal["overlap"]
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
