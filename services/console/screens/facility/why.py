"""How does a score become its arithmetic, which a person can recompute by hand?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.console import settings
from services.console.rendering.filters import day
from services.console.rendering.shapes import Score
from services.console.screens.facility.queries import Entry
from services.console.screens.facility.view import Adjustment, Curve, Fact, Factor, Why
from services.console.usecases.texts import plain
from shared.contracts.scorer_replies import NextTier, ScoreReasons

DAYS = 90
"""The days of the curve."""
WIDTH, HEIGHT, PAD = 140.0, 48.0, 5.0


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A score with what it is made of, from the scorer or, while it does not answer, from its last event."""

    score: Decimal
    tier: int
    multiplier: Decimal
    multiplier_evidence: str
    breakdown: Sequence[Mapping[str, Any]]
    cuts: Mapping[int, float]
    pack: str
    next_tier: NextTier | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of a score among all, and how it came to be."""

    rank: int
    of: int
    today: date
    scores: Sequence[tuple[date, float, int]] = field(default_factory=tuple)
    """Day, score and tier, oldest first: the last 90 days, and the one before."""


def of_reply(reply: ScoreReasons) -> Arithmetic:
    return Arithmetic(
        reply.score,
        reply.tier,
        reply.multiplier,
        reply.multiplier_evidence,
        [each.model_dump() for each in reply.breakdown],
        {tier: float(cut) for tier, cut in reply.cuts.items()},
        reply.pack,
        reply.next_tier,
    )


def of_event(data: Mapping[str, Any], cuts: Mapping[int, float]) -> Arithmetic:
    """From a `score.changed`, which does not state the evidence of the multiplier."""
    return Arithmetic(
        Decimal(data["score"]),
        data["tier"],
        Decimal(data["multiplier"]),
        "",
        data["breakdown"],
        cuts,
        data["pack"],
    )


def why(known: Arithmetic, standing: Standing) -> Why:
    weighed = [line for line in known.breakdown if Decimal(line["weight"])]
    factors = tuple(sorted(map(_factor, weighed), key=lambda each: (-each.points, each.value is None)))
    total = sum(Decimal(each["points"]) for each in known.breakdown)
    gain = float(known.score - total)
    multiplier = settings.scoring().multiplier
    adjustments = (
        (Adjustment(multiplier.label, plain(known.multiplier_evidence), float(known.multiplier), gain),)
        if multiplier and known.multiplier != 1
        else ()
    )
    parts = tuple(each.points for each in factors if each.points > 0) + ((gain,) if gain > 0 else ())
    return Why(
        score=Score(float(known.score), known.tier, parts),
        rank=standing.rank,
        of=standing.of,
        summary=_summary(known, standing, factors),
        factors=factors,
        total=float(total),
        adjustments=adjustments,
        rounding=f"rounded half to even, pack {known.pack[:8]}",
        curve=_curve(standing, known.cuts),
        longest=max((each.most for each in factors), default=1.0),
        ways=_ways(known.next_tier),
        estimates=tuple(
            _estimate(line)
            for line in known.breakdown
            if not Decimal(line["weight"]) and line["factor"] not in settings.fact_titles()
        ),
    )


def entries_of_scores(entries: Sequence[Entry]) -> list[tuple[date, float, int]]:
    """Day, score and tier of each change, oldest first."""
    scores = sorted(
        (each for each in entries if each.subject == "score.changed"), key=lambda each: each.data["score_version"]
    )
    return [(each.day, float(each.data["score"]), each.data["tier"]) for each in scores if each.day]


def _estimate(line: Mapping[str, Any]) -> Fact:
    """A figure that the score states and does not weigh."""
    as_of = line.get("as_of")
    seen = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    value = line["evidence"].removesuffix(f" as of {seen}")
    return Fact(line["label"], value, f"as of {day(seen, 'year')}" if seen else "", unknown=not line["known"])


def _factor(line: Mapping[str, Any]) -> Factor:
    weight = float(Decimal(line["weight"]) * 100)
    as_of = line.get("as_of")
    seen = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    return Factor(
        title=line["label"],
        evidence=plain(line["evidence"]),
        source=f"as of {day(seen, 'year')}" if seen else ("" if line["known"] else "unknown"),
        event=f"/events/{line['event_id']}" if line.get("event_id") else "",
        weight=weight,
        most=weight,
        value=float(line["value"]) if line["known"] else None,
        points=float(line["points"]),
    )


def _summary(known: Arithmetic, standing: Standing, factors: Sequence[Factor]) -> str:
    since = _tier_since(standing.scores, known.tier)
    began = f"Tier {known.tier}" + (f" since {day(since, 'long').partition(', ')[2]}" if since else "")
    return f"{began}{_distance(known)}. {_share(factors)}".strip()


def _distance(known: Arithmetic) -> str:
    score, own = float(known.score), known.cuts.get(known.tier)
    if own is not None:
        if score >= own:
            return f", {score - own:.1f} above the cut"
        return f", {own - score:.1f} below its cut, which small changes do not cross"
    above = known.cuts.get(known.tier - 1)
    return f", {above - score:.1f} below the cut of Tier {known.tier - 1}" if above is not None else ""


def _share(factors: Sequence[Factor]) -> str:
    """What makes most of it."""
    giving = [each for each in factors if each.points > 0]
    total = sum(each.points for each in giving)
    if not giving:
        return "No factor gives points."
    first = giving[: 1 if giving[0].points >= total / 2 else 2]
    names = " and ".join(f"“{each.title}”" for each in first)
    return f"{names} {'makes' if len(first) == 1 else 'make'} {sum(each.points for each in first) / total:.0%} of it."


def _tier_since(scores: Sequence[tuple[date, float, int]], tier: int) -> date | None:
    """The day since which it is in its tier; None if the scores do not reach back so far."""
    since = None
    for on, _, was in reversed(scores):
        if was != tier:
            return since
        since = on
    return since if scores else None


def _curve(standing: Standing, cuts: Mapping[int, float]) -> Curve | None:
    """The scores of 90 days, a step for each change."""
    if not standing.scores:
        return None
    begin = standing.today - timedelta(days=DAYS)
    cut = cuts.get(1)
    values = [score for _, score, _ in standing.scores]
    low, high = min([*values, *([cut] if cut is not None else [])]), max([*values, *([cut] if cut is not None else [])])
    span = (high - low) or 1.0

    def x(on: date) -> float:
        return round(WIDTH * max(0, (on - begin).days) / DAYS, 1)

    def y(value: float) -> float:
        return round(HEIGHT - PAD - (HEIGHT - 2 * PAD) * (value - low) / span, 1)

    points, last = list[tuple[float, float]](), None
    for on, score, _ in standing.scores:
        if last is not None:
            points.append((x(on), y(last)))
        points.append((x(on), y(score)))
        last = score
    points.append((WIDTH, points[-1][1]))
    line = " ".join(f"{left:g},{top:g}" for left, top in points)
    return Curve(
        line,
        f"{line} {WIDTH:g},{HEIGHT:g} {points[0][0]:g},{HEIGHT:g}",
        y(cut) if cut is not None else HEIGHT + 20,
        f"T1 {cut:.1f}" if cut is not None else "",
        points[-1],
        _in_words(standing.scores),
    )


def _in_words(scores: Sequence[tuple[date, float, int]]) -> str:
    latest = list({on: score for on, score, _ in scores}.items())[-6:]
    text = ", then ".join(f"{score:.1f} on {day(on)}" for on, score in latest)
    return f"Score of {DAYS} days: {text}."


def _ways(next_tier: NextTier | None) -> tuple[str, ...]:
    if next_tier is None:
        return ()
    labels = {each.factor: each.label for each in settings.scoring().factors}
    ways = [
        f"{' and '.join(f'“{labels.get(each, each)}”' for each in way.factors)} ({way.score:.1f})"
        for way in next_tier.ways[:3]
    ]
    return (f"{next_tier.missing:.1f} points to Tier {next_tier.tier}", *ways)
