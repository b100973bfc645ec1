"""How is a score put together? The grammar of `scoring.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

STRICT = {"extra": "forbid"}
URGENCIES = 5


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
        _within_one(self.factor, (*self.lift, *(role.weight for role in self.roles.values())))

    @property
    def fields(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class MapFactor:
    """A value for each value of a fact; any other known value gives `otherwise` (R25, R28)."""

    __pydantic_config__ = STRICT

    kind: Literal["map"]
    factor: str
    label: str
    weight: Decimal
    field: str
    values: dict[str, Decimal]
    evidence: str
    unknown: str
    otherwise: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        _within_one(self.factor, (*self.values.values(), self.otherwise))

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True)
class DatedBy:
    """Where a date comes from: a fact whose value is a date, or a change of the person in a role."""

    __pydantic_config__ = STRICT

    evidence: str
    fact: str | None = None
    contact: str | None = None

    def __post_init__(self) -> None:
        if (self.fact is None) == (self.contact is None):
            raise ModelInvalid(f"{self.evidence}: a date comes from a fact or from a contact, from exactly one")


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

    def __post_init__(self) -> None:
        ages = [step.under_days for step in self.steps]
        if not ages or ages != sorted(set(ages)) or ages[0] < 1:
            raise ModelInvalid(f"{self.factor}: steps must be there and grow in under_days")
        _within_one(self.factor, (step.value for step in self.steps))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dated.fact for dated in self.dates if dated.fact)


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


Factor = SignalFactor | MapFactor | RecencyFactor | AnomalyFactor


@dataclass(frozen=True)
class Multiplier:
    """Raises the whole sum by at most `most`, in some states only (R31)."""

    __pydantic_config__ = STRICT

    label: str
    field: str
    most: Decimal
    states: tuple[str, ...]
    unknown: str


@dataclass(frozen=True)
class Model:
    """A whole scoring model. The weights sum to one, and no composite stands beside its parts (R30)."""

    __pydantic_config__ = STRICT

    name: str
    factors: tuple[Factor, ...]
    multiplier: Multiplier
    composites: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [factor.factor for factor in self.factors]
        if len(set(names)) != len(names):
            raise ModelInvalid(f"factors must have names of their own, found {', '.join(names)}")
        total = sum((factor.weight for factor in self.factors), Decimal(0))
        if total != 1 or any(factor.weight < 0 for factor in self.factors):
            raise ModelInvalid(f"weights must not be negative and sum to 1, they sum to {total}")
        _no_double_count(self.factors, self.composites)

    @property
    def fields(self) -> list[str]:
        """The facts that the model reads."""
        return sorted({name for factor in self.factors for name in factor.fields} | {self.multiplier.field})

    @property
    def depth(self) -> int:
        """How many dates of a fact the model may look back on: the latest, and those that it is compared with."""
        return 1 + max((factor.at_most for factor in self.factors if isinstance(factor, AnomalyFactor)), default=0)


def _no_double_count(factors: Iterable[Factor], composites: Mapping[str, tuple[str, ...]]) -> None:
    used = {name: factor.factor for factor in factors if factor.weight for name in factor.fields}
    for composite, parts in composites.items():
        twice = [part for part in parts if part in used]
        if composite in used and twice:
            raise ModelInvalid(f"{used[composite]}: {composite} already contains {', '.join(twice)} (double count)")


def _within_one(factor: str, values: Iterable[Decimal]) -> None:
    if any(not 0 <= value <= 1 for value in values):
        raise ModelInvalid(f"{factor}: every value must lie between 0 and 1")
