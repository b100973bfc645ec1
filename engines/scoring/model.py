"""What are the parts of a scoring model? The grammar of `scoring.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from engines.scoring.dated_kinds import AnomalyFactor, EventsFactor, RecencyFactor
from engines.scoring.kinds import (
    STRICT,
    BandsFactor,
    ClassesFactor,
    MapFactor,
    ModelInvalid,
    OverlapFactor,
    SignalFactor,
)
from engines.scoring.known import EstimateFactor, FactFactor

Part = (
    SignalFactor
    | MapFactor
    | BandsFactor
    | OverlapFactor
    | ClassesFactor
    | RecencyFactor
    | AnomalyFactor
    | EventsFactor
)

ALL_DATES = 1_000_000


@dataclass(frozen=True)
class SumFactor:
    """The points of several factors together, shown and filtered as one: its weight is the sum of theirs."""

    __pydantic_config__ = STRICT

    factor: str
    label: str
    kind: Literal["sum"]
    parts: tuple[Part, ...]
    joined: str = " + "
    """What is between the evidence of its parts."""
    none: str | None = None
    """The evidence if none of them gives points; by default, theirs."""
    assumed: str | None = None

    def __post_init__(self) -> None:
        if not self.parts:
            raise ModelInvalid(f"{self.factor}: a sum has parts")

    @cached_property
    def weight(self) -> Decimal:
        return sum((part.weight for part in self.parts), Decimal(0))

    @cached_property
    def out_of(self) -> Decimal:
        """The points of its whole weight, so that its value is the sum of its parts' points."""
        return 100 * self.weight

    @cached_property
    def most(self) -> Decimal:
        return sum((100 * part.weight * part.most / part.out_of for part in self.parts), Decimal(0))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for part in self.parts for name in part.fields)


Single = Part | FactFactor | EstimateFactor
Factor = Single | SumFactor


@dataclass(frozen=True)
class Multiplier:
    """Raises the sum by at most `most`, in the listed states, or in all states if none are listed (R31)."""

    __pydantic_config__ = STRICT

    label: str
    field: str
    most: Decimal
    unknown: str
    states: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.most < 0:
            raise ModelInvalid(f"{self.label}: a multiplier raises, so most must not be negative")

    @cached_property
    def elsewhere(self) -> str:
        """The evidence in any other state, where it is 1."""
        return f"{self.label} counts in {', '.join(self.states)} only"


@dataclass(frozen=True)
class Model:
    """A complete scoring model. The weights sum to `weights_sum`, and no composite is used beside its parts (R30)."""

    __pydantic_config__ = STRICT

    name: str
    factors: tuple[Factor, ...]
    multiplier: Multiplier | None = None
    composites: dict[str, tuple[str, ...]] = field(default_factory=dict)
    weights_sum: Decimal = Decimal(1)
    """Below 1 only for a model that cannot reach 100 points."""
    measure: str | None = None
    """The factor whose value orders facilities with equal scores (`measure_desc` in the tie-break)."""

    def __post_init__(self) -> None:
        names = [factor.factor for factor in (*self.factors, *self._of_sums)]
        if len(set(names)) != len(names):
            raise ModelInvalid(f"names of factors must be unique, found {', '.join(names)}")
        total = sum((factor.weight for factor in self.factors), Decimal(0))
        if total != self.weights_sum or total > 1 or any(part.weight < 0 for part in self.parts):
            raise ModelInvalid(f"weights must not be negative and sum to {self.weights_sum}, they sum to {total}")
        whole = [factor.factor for factor in self.factors]
        if self.measure is not None and self.measure not in whole:
            raise ModelInvalid(f"measure {self.measure!r} is not a factor; the factors are {', '.join(whole)}")
        _no_double_count(self.parts, self.composites)
        for estimate in self.estimates:
            _computable(estimate, self.shares)

    @property
    def _of_sums(self) -> list[Part]:
        return [part for factor in self.factors if isinstance(factor, SumFactor) for part in factor.parts]

    @cached_property
    def estimates(self) -> tuple[EstimateFactor, ...]:
        return tuple(factor for factor in self.factors if isinstance(factor, EstimateFactor))

    @cached_property
    def shares(self) -> frozenset[str]:
        """The factors whose shares an estimate may read."""
        return frozenset(each.factor for each in self.factors if not isinstance(each, FactFactor | EstimateFactor))

    @cached_property
    def parts(self) -> tuple[Single, ...]:
        """The factors that read something: those that stand alone, and those of sums."""
        return tuple(
            part for factor in self.factors for part in (factor.parts if isinstance(factor, SumFactor) else (factor,))
        )

    @cached_property
    def signal_factors(self) -> frozenset[str]:
        """The factors that read signals, alone or in a sum."""
        return frozenset(
            factor.factor
            for factor in self.factors
            for part in (factor.parts if isinstance(factor, SumFactor) else (factor,))
            if isinstance(part, SignalFactor)
        )

    @property
    def fields(self) -> list[str]:
        """The facts that the model reads."""
        raised = {self.multiplier.field} if self.multiplier else set()
        return sorted({name for factor in self.factors for name in factor.fields} | raised)

    @property
    def depth(self) -> int:
        """The number of dates of a fact that the model needs: the latest, and those that it is compared with."""
        if any(isinstance(part, EventsFactor) for part in self.parts):
            return ALL_DATES
        return max(2, *(1 + part.at_most for part in self.parts if isinstance(part, AnomalyFactor)), 2)

    @property
    def most(self) -> Decimal:
        """The highest score that a facility can have."""
        points = sum((100 * factor.weight * factor.most / factor.out_of for factor in self.factors), Decimal(0))
        return min(Decimal(100), points * (1 + (self.multiplier.most if self.multiplier else 0)))


def _computable(estimate: EstimateFactor, shares: frozenset[str]) -> None:
    """Each name of a formula is a factor that is scored, or a fact that it needs, and only one of them."""
    for name in sorted(estimate.names):
        if (name in shares) == (name in estimate.needs):
            what = (
                "both a factor and a fact of `needs`" if name in shares else "no scored factor and no fact of `needs`"
            )
            raise ModelInvalid(f"{estimate.factor}: {name} of the formula is {what}")


def _no_double_count(factors: Iterable[Single], composites: Mapping[str, tuple[str, ...]]) -> None:
    used = {name: factor.factor for factor in factors if factor.weight for name in factor.fields}
    for composite, parts in composites.items():
        twice = [part for part in parts if part in used]
        if composite in used and twice:
            raise ModelInvalid(f"{used[composite]}: {composite} already contains {', '.join(twice)} (double count)")
