"""Do higher scores lead to more wins? With intervals, and no conclusion from too few leads (R63, R76 to R79)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

AT_LEAST = 30
"""The minimum number of decided leads for a conclusion: with fewer, intervals cover most of the possible range."""
MEETING = "meeting"
"""If a meeting does not count as a success, a lead with no other outcome is still open."""
Z = 1.959963984540054
"""For a 95 % interval."""


@dataclass(frozen=True)
class Decided:
    """The outcome of a lead, with the facility's score and points by factor when the lead was raised."""

    facility_id: str
    score: Decimal
    outcome: str
    points: Mapping[str, Decimal]
    met: bool = False
    """Whether a meeting came before the end."""

    def went_well(self, wins: frozenset[str]) -> bool:
        return self.outcome in wins or (self.met and MEETING in wins)


@dataclass(frozen=True)
class Rate:
    """How many leads of a group succeeded, with the 95 % Wilson interval of the share."""

    group: str
    counted: int
    good: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.good / self.counted if self.counted else 0.0


@dataclass(frozen=True)
class Feedback:
    """Rates by score decile and by factor, with advice for a person; `refused` states why there is none."""

    decided: int
    deciles: tuple[Rate, ...]
    factors: tuple[tuple[Rate, Rate], ...]
    advice: tuple[str, ...]
    refused: str | None = None


def wilson(good: int, counted: int) -> tuple[float, float]:
    """The Wilson score interval; (0, 1) for an empty group."""
    if counted == 0:
        return 0.0, 1.0
    share, spread = good / counted, Z * Z / counted
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(share * (1 - share) / counted + spread / (4 * counted))
    return max(0.0, middle - half), min(1.0, middle + half)


def feedback(decided: Sequence[Decided], good: Iterable[str], at_least: int = AT_LEAST) -> Feedback:
    """Counts, and advice if at least `at_least` leads are decided. Advice is never applied without a person.

    A lead with only a meeting is decided only if meetings count as good.
    """
    wins = frozenset(good)
    decided = [one for one in decided if one.outcome != MEETING or MEETING in wins]
    deciles = tuple(_rate(f"{low} to {low + 10}", _of_decile(decided, low), wins) for low in range(0, 100, 10))
    names = sorted({name for one in decided for name in one.points})
    factors = tuple(
        (
            _rate(f"{name} counted", [one for one in decided if one.points.get(name, Decimal(0)) > 0], wins),
            _rate(f"{name} did not", [one for one in decided if one.points.get(name, Decimal(0)) <= 0], wins),
        )
        for name in names
    )
    if len(decided) < at_least:
        refused = f"{len(decided)} leads are decided; nothing is concluded from fewer than {at_least}."
        return Feedback(len(decided), deciles, factors, (), refused)
    advice = tuple(text for pair, name in zip(factors, names, strict=True) if (text := _advice(name, *pair, at_least)))
    return Feedback(len(decided), deciles, factors, advice)


def _of_decile(decided: Iterable[Decided], low: int) -> list[Decided]:
    """The leads of a decile; a score of 100 belongs to the highest."""
    return [one for one in decided if min(int(one.score // 10) * 10, 90) == low]


def _rate(group: str, members: Sequence[Decided], wins: frozenset[str]) -> Rate:
    good = sum(one.went_well(wins) for one in members)
    return Rate(group, len(members), good, *wilson(good, len(members)))


def _advice(name: str, with_it: Rate, without: Rate, at_least: int) -> str | None:
    """Advice only if both groups are large enough and the intervals do not overlap."""
    if min(with_it.counted, without.counted) < at_least / 2:
        return None
    shares = f"{with_it.good} of {with_it.counted} against {without.good} of {without.counted}"
    if with_it.low > without.high:
        return f"{name} goes with better outcomes ({shares}): consider a higher weight."
    if with_it.high < without.low:
        return f"{name} goes with worse outcomes ({shares}): consider a lower weight."
    return None
