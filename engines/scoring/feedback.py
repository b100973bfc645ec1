"""Do higher scores lead to more wins? With intervals, and no conclusion from too few leads (R63, R76 to R79)."""

from __future__ import annotations

import re
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
    tier: int = 0
    """That of the same day; 0 if it is not known."""

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
class Finding:
    """What leads of the best and of the lowest tier say about the model, as a sentence, and which leads."""

    text: str
    leads: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """What is judged: the name of the model, and the number of its lowest tier."""

    name: str
    lowest: int


@dataclass(frozen=True)
class Feedback:
    """Rates by score decile and by factor, with advice for a person; `refused` states why there is none."""

    decided: int
    deciles: tuple[Rate, ...]
    factors: tuple[tuple[Rate, Rate], ...]
    advice: tuple[str, ...]
    refused: str | None = None
    findings: tuple[Finding, ...] = ()
    """High and won, low and won, high and not won (R78)."""
    proposed: str | None = None
    """The name of the next version of the model, if anything speaks for one (R79)."""


def wilson(good: int, counted: int) -> tuple[float, float]:
    """The Wilson score interval; (0, 1) for an empty group."""
    if counted == 0:
        return 0.0, 1.0
    share, spread = good / counted, Z * Z / counted
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(share * (1 - share) / counted + spread / (4 * counted))
    return max(0.0, middle - half), min(1.0, middle + half)


def feedback(decided: Sequence[Decided], good: Iterable[str], model: Model, at_least: int = AT_LEAST) -> Feedback:
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
    findings = _findings(decided, wins, model.lowest)
    speaks = bool(advice) or any(each.leads for each in findings[1:])
    return Feedback(
        len(decided), deciles, factors, advice, None, findings, next_version(model.name) if speaks else None
    )


def _findings(decided: Iterable[Decided], wins: frozenset[str], lowest: int) -> tuple[Finding, Finding, Finding]:
    """Whether wins come from where the model expects them, which factor is too high where they do not."""
    won = "won" if wins == {"won"} else "good"
    first, last = ([one for one in decided if one.tier == tier] for tier in (1, lowest))
    high, lost = ([one for one in first if one.went_well(wins) == well] for well in (True, False))
    low = [one for one in last if one.went_well(wins)]
    return (
        _finding(f"{len(high)} of {_leads(first)} of Tier 1 {won}", "this validates the model", high),
        _finding(
            f"{len(low)} of {_leads(last)} of Tier {lowest} {won}", "the model lacks a feature that they have", low
        ),
        _finding(f"{len(lost)} of {_leads(first)} of Tier 1 not {won}", _misfired(lost, high), lost),
    )


def _finding(count: str, means: str, leads: Sequence[Decided]) -> Finding:
    return Finding(f"{count}: {means}." if leads else f"{count}.", tuple(sorted({one.facility_id for one in leads})))


def _leads(several: Sequence[Decided]) -> str:
    return "1 lead" if len(several) == 1 else f"{len(several)} leads"


def _misfired(lost: Sequence[Decided], high: Sequence[Decided]) -> str:
    """The factor whose points exceed those of wins the most."""
    if not high:
        return "there is no win to compare them with"
    names = sorted({name for one in lost for name in one.points})
    means = {name: (_mean(lost, name), _mean(high, name)) for name in names}
    most = max(names, key=lambda name: means[name][0] - means[name][1], default=None)
    if most is None or means[most][0] <= means[most][1]:
        return "no factor gave them more points than the others"
    more, less = means[most]
    return f"inspect {most}, which gave them {more:.1f} points on average, and {less:.1f} to the others"


def _mean(several: Sequence[Decided], name: str) -> Decimal:
    return sum((one.points.get(name, Decimal(0)) for one in several), Decimal(0)) / len(several)


def next_version(name: str) -> str:
    """The name with its last number increased: `fit_v1.1` of `fit_v1.0`, and `fit_v2` of `fit`."""
    numbers = list(re.finditer(r"\d+", name))
    if not numbers:
        return f"{name}_v2"
    start, end = numbers[-1].span()
    return f"{name[:start]}{int(name[start:end]) + 1}{name[end:]}"


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
