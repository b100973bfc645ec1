"""Which kinds of factor depend on current values, and what are their parameters? The first half of the grammar.

Values are between 0 and `out_of` (1 by default), so that a model can be written in points: with a weight of 0.35 and
`out_of: 35`, a value of 20 is exactly 20 of 100 points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from string import Formatter
from typing import Literal

STRICT = {"extra": "forbid"}
URGENCIES = 5
ONE, ZERO = Decimal(1), Decimal(0)


class ModelInvalid(ValueError):
    """A scoring model contradicts itself; the message states where."""


def within(factor: str, most: Decimal, values: Iterable[Decimal]) -> None:
    if most <= 0 or any(not 0 <= value <= most for value in values):
        raise ModelInvalid(f"{factor}: every value must be between 0 and {most}")


def fillable(factor: str, evidence: str, *places: str) -> None:
    """Refuse evidence with another place than those that are filled in, or with a format: values come formatted."""
    try:
        parsed = [each[1:] for each in Formatter().parse(evidence) if each[1] is not None]
    except ValueError:
        parsed = [("a single brace", None, None)]
    for name, format_spec, conversion in parsed:
        if name in places and not format_spec and not conversion:
            continue
        known = ", ".join(f"{{{place}}}" for place in places) or "no braces"
        shown = f"{name}{f'!{conversion}' if conversion else ''}{f':{format_spec}' if format_spec else ''}"
        raise ModelInvalid(f"{factor}: evidence can have {known}, and not {shown or 'empty braces'}")


def without_places(factor: str, *texts: str | None) -> None:
    """Refuse braces where nothing is filled in; they would be stated as they are."""
    for text in texts:
        if text and ("{" in text or "}" in text):
            raise ModelInvalid(f"{factor}: nothing is filled in here, so that {text!r} cannot have braces")


@dataclass(frozen=True)
class Named:
    """The common fields of all factors: a name, a label for people, and the weight in the score."""

    __pydantic_config__ = STRICT

    factor: str
    label: str
    weight: Decimal
    assumed: str | None = field(default=None, kw_only=True)
    """What of it is the pack's own assumption, and not its source's."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The facts that it reads."""
        return ()

    @property
    def out_of(self) -> Decimal:
        """The value that gives the full weight."""
        return ONE

    @property
    def most(self) -> Decimal:
        """The highest value that it can have."""
        return ONE


@dataclass(frozen=True)
class Role:
    """A role family: a label for people, and its weight in the factor."""

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
    evidence: str | None = None
    """What a reason says instead of the postings."""

    def __post_init__(self) -> None:
        if len(self.lift) != URGENCIES:
            raise ModelInvalid(f"{self.factor}: lift needs {URGENCIES} values, for urgency 0 to {URGENCIES - 1}")
        within(self.factor, ONE, (*self.lift, *(role.weight for role in self.roles.values())))
        without_places(self.factor, self.evidence, self.none_open)

    @property
    def most(self) -> Decimal:
        return max((role.weight for role in self.roles.values()), default=ZERO) * max(self.lift)


@dataclass(frozen=True)
class MapFactor(Named):
    """A value for each value of a fact; of several, joined by `|`, the best counts; other known values give
    `otherwise` (R25, R28, R90)."""

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
        fillable(self.factor, self.evidence, "value")

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
    """The value of a number from a bound up: `at_least` includes the bound, `over` does not."""

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

    def contains(self, number: Decimal) -> bool:
        return number > self.over if self.over is not None else number >= (self.at_least or ZERO)


@dataclass(frozen=True)
class Classes:
    """The values of another, textual fact, for numbers that are unknown or below every band."""

    __pydantic_config__ = STRICT

    field: str
    values: dict[str, Decimal]


@dataclass(frozen=True)
class BandsFactor(Named):
    """A value for each range of a number; the highest matching band counts (R89, R92, R113, R115)."""

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
            raise ModelInvalid(f"{self.factor}: there must be bands, with increasing bounds")
        within(self.factor, self.out_of, self._values)
        fillable(self.factor, self.evidence, "value")

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
    """The share of a list that a fact's list, joined by `|`, has in common with it (R91)."""

    kind: Literal["overlap"]
    field: str
    of: tuple[str, ...]
    evidence: str
    unknown: str
    decimals: int | None = None
    """The decimals to which the points are rounded, half to even; None for no rounding."""

    def __post_init__(self) -> None:
        if not self.of or len(self.folded) != len(self.of):
            raise ModelInvalid(f"{self.factor}: the list to compare with must not be empty or contain anything twice")
        fillable(self.factor, self.evidence, "n", "of", "names")

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
class Class:
    """Values of a fact, or states, that count alike, and what a reason calls them."""

    __pydantic_config__ = STRICT

    value: Decimal
    any: tuple[str, ...]
    evidence: str


@dataclass(frozen=True)
class ClassesFactor(Named):
    """A value for each class of a fact's values, or of states: what is known of a place before anything of the account.
    Of several values, joined by `|`, the best counts; those of no class have `otherwise`."""

    kind: Literal["classes"]
    classes: tuple[Class, ...]
    otherwise_evidence: str
    unknown: str
    field: str | None = None
    by: Literal["state"] | None = None
    otherwise: Decimal = ZERO
    if_unknown: Decimal = ZERO
    out_of: Decimal = ONE

    def __post_init__(self) -> None:
        if (self.field is None) == (self.by is None):
            raise ModelInvalid(f"{self.factor}: classes are of a `field` or `by: state`, and of one of them")
        within(self.factor, self.out_of, self._values)
        without_places(self.factor, *(each.evidence for each in self.classes), self.otherwise_evidence)
        if len(self.folded) < sum(len(each.any) for each in self.classes):
            names = [name.casefold() for each in self.classes for name in each.any]
            twice = next(name for name in names if names.count(name) > 1)
            raise ModelInvalid(f"{self.factor}: {twice} is in two classes")

    @property
    def _values(self) -> tuple[Decimal, ...]:
        return *(each.value for each in self.classes), self.otherwise, self.if_unknown

    @cached_property
    def folded(self) -> dict[str, Class]:
        """The class of each value that has one."""
        return {name.casefold(): each for each in self.classes for name in each.any}

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,) if self.field else ()

    @property
    def most(self) -> Decimal:
        return max(self._values)
