"""How likely is each facility the one meant, and how likely none of them?

A conditional logit over the candidates and "none of these": the exponentials of weight times feature, divided by their
sum. The weights are fitted offline (`make fit-matcher`) and kept in `fitted/weights.json` with their report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from operator import mul
from pathlib import Path

from matching.features import NAMES, NONE_NAMES

FITTED = Path(__file__).parent / "fitted" / "weights.json"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the order of `features.NAMES` and `features.NONE_NAMES`."""

    weights: tuple[float, ...]
    none_weights: tuple[float, ...]

    def score(self, row: Sequence[float]) -> float:
        return float(sum(map(mul, self.weights, row)))

    def none_score(self, row: Sequence[float]) -> float:
        return float(sum(map(mul, self.none_weights, row)))

    def contributions(self, row: Sequence[float]) -> dict[str, float]:
        """What each feature that says anything adds to the score, most telling first."""
        said = {name: round(weight * value, 3) for name, weight, value in zip(NAMES, self.weights, row, strict=True)}
        return {name: each for name, each in sorted(said.items(), key=lambda one: -abs(one[1])) if each}


def chances(scores: Sequence[float], none: float) -> list[float]:
    """The probability of each, "none of these" taking the rest."""
    highest = max(none, *scores) if scores else none
    powers = [exp(score - highest) for score in scores]
    total = sum(powers) + exp(none - highest)
    return [power / total for power in powers]


def fitted() -> Model:
    """The weights as committed; raises `ValueError` when they were fitted to other features."""
    content = json.loads(FITTED.read_text(encoding="utf-8"))
    return of_names(content["facility"], content["none"])


def of_names(facility: dict[str, float], none: dict[str, float]) -> Model:
    if set(facility) != set(NAMES) or set(none) != set(NONE_NAMES):
        raise ValueError(f"{FITTED.name} was fitted to other features than these; run `make fit-matcher`.")
    return Model(tuple(facility[name] for name in NAMES), tuple(none[name] for name in NONE_NAMES))
