"""What are the parts of a scoring model? The grammar of `scoring.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from engines.scoring.dated_kinds import AnomalyFactor, EventsFactor, RecencyFactor
from engines.scoring.kinds import STRICT, BandsFactor, MapFactor, ModelInvalid, OverlapFactor, SignalFactor

Factor = SignalFactor | MapFactor | BandsFactor | OverlapFactor | RecencyFactor | AnomalyFactor | EventsFactor

ALL_DATES = 1_000_000


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
        names = [factor.factor for factor in self.factors]
        if len(set(names)) != len(names):
            raise ModelInvalid(f"names of factors must be unique, found {', '.join(names)}")
        total = sum((factor.weight for factor in self.factors), Decimal(0))
        if total != self.weights_sum or total > 1 or any(factor.weight < 0 for factor in self.factors):
            raise ModelInvalid(f"weights must not be negative and sum to {self.weights_sum}, they sum to {total}")
        if self.measure is not None and self.measure not in names:
            raise ModelInvalid(f"measure {self.measure!r} is not a factor; the factors are {', '.join(names)}")
        _no_double_count(self.factors, self.composites)

    @property
    def fields(self) -> list[str]:
        """The facts that the model reads."""
        raised = {self.multiplier.field} if self.multiplier else set()
        return sorted({name for factor in self.factors for name in factor.fields} | raised)

    @property
    def depth(self) -> int:
        """The number of dates of a fact that the model needs: the latest, and those that it is compared with."""
        if any(isinstance(factor, EventsFactor) for factor in self.factors):
            return ALL_DATES
        return max(2, *(1 + factor.at_most for factor in self.factors if isinstance(factor, AnomalyFactor)), 2)

    @property
    def most(self) -> Decimal:
        """The highest score that a facility can have."""
        points = sum((100 * factor.weight * factor.most / factor.out_of for factor in self.factors), Decimal(0))
        return min(Decimal(100), points * (1 + (self.multiplier.most if self.multiplier else 0)))


def _no_double_count(factors: Iterable[Factor], composites: Mapping[str, tuple[str, ...]]) -> None:
    used = {name: factor.factor for factor in factors if factor.weight for name in factor.fields}
    for composite, parts in composites.items():
        twice = [part for part in parts if part in used]
        if composite in used and twice:
            raise ModelInvalid(f"{used[composite]}: {composite} already contains {', '.join(twice)} (double count)")
