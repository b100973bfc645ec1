"""Which factors could raise a score to a cut?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from engines.scoring.model import Model

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Way:
    """The fewest factors that, at their highest values, raise a score to a cut."""

    factors: tuple[str, ...]
    score: Decimal


def to_reach(
    cut: Decimal, score: Decimal, points: Mapping[str, Decimal], multiplier: Decimal, model: Model
) -> list[Way]:
    """The three ways with the highest scores among those with the fewest factors; empty if none reaches the cut."""
    headroom = {
        factor.factor: HUNDRED * factor.weight * factor.most / factor.out_of - points.get(factor.factor, Decimal(0))
        for factor in model.factors
    }
    open_to = [name for name, more in headroom.items() if more > 0]
    current = sum(points.values(), Decimal(0))
    for several in range(1, len(open_to) + 1):
        ways = [
            Way(names, reached)
            for names in combinations(open_to, several)
            if (reached := _score(current + sum((headroom[name] for name in names), Decimal(0)), multiplier)) >= cut
        ]
        if ways:
            return sorted(ways, key=lambda way: (-way.score, way.factors))[:3]
    return []


def _score(points: Decimal, multiplier: Decimal) -> Decimal:
    return min(HUNDRED, points * multiplier).quantize(Decimal("0.1"))
