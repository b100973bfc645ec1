"""What is the probability of each candidate, and of none of them?

A conditional logit over the candidates and "none of these": the exponentials of the weighted sums of features,
divided by their total. The weights are fitted offline (`make fit-matcher`) and stored in the pack with their report.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from engines.matching.features import NAMES, Compared
from engines.matching.signs import SIGNS
from engines.matching.trade import Trade


class SignScores(dict[int, float]):
    """A cache of the total weight of each combination of signs, of which a few hundred occur."""

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        self.weights = tuple(weights)

    def __missing__(self, signs: int) -> float:
        total = 0.0
        for place, weight in enumerate(self.weights):
            if signs >> place & 1:
                total += weight
        self[signs] = total
        return total


class Model:
    """Weights in the order of `features.NAMES` and `Trade.none_names`: signs first, then numbers."""

    __slots__ = ("none_signs", "none_weights", "numbers", "signs", "weights")

    def __init__(self, weights: Sequence[float], none_weights: Sequence[float]) -> None:
        self.weights, self.none_weights = tuple(weights), tuple(none_weights)
        self.signs = SignScores(self.weights[: len(SIGNS)])
        self.numbers = self.weights[len(SIGNS) :]
        self.none_signs = SignScores(self.none_weights[:-1])

    def chance(self, found: Compared, none: float) -> float:
        """The probability of the only candidate."""
        return 1 / (1 + exp(none - self.score(found)))

    def score(self, found: Compared) -> float:
        total = self.signs[found.signs]
        for place, number in enumerate(found.numbers):
            total += self.numbers[place] * number
        return total

    def none_score(self, signs: int, words: float) -> float:
        return self.none_signs[signs] + self.none_weights[-1] * words

    def contributions(self, row: Sequence[float]) -> dict[str, float]:
        """The contribution of each feature to the score, largest first, without zeros."""
        nonzero = {name: round(weight * value, 3) for name, weight, value in zip(NAMES, self.weights, row, strict=True)}
        return {name: each for name, each in sorted(nonzero.items(), key=lambda one: -abs(one[1])) if each}


def chances(scores: Sequence[float], none: float) -> list[float]:
    """The probability of each candidate; the rest belongs to "none of these"."""
    highest = max(none, *scores) if scores else none
    powers = [exp(score - highest) for score in scores]
    total = sum(powers) + exp(none - highest)
    return [power / total for power in powers]


def of_names(facility: dict[str, float], none: dict[str, float], trade: Trade) -> Model:
    """A model from weights by name; raises `ValueError` if they were fitted to other features than the trade has."""
    if set(facility) != set(NAMES) or set(none) != set(trade.none_names):
        strange = sorted(set(facility) ^ set(NAMES) | set(none) ^ set(trade.none_names))
        raise ValueError(f"the weights were fitted to other features ({', '.join(strange)}): run `make fit-matcher`")
    return Model([facility[name] for name in NAMES], [none[name] for name in trade.none_names])
