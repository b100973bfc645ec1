"""What is the score of a facility on a day, and what are its parts?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from engines.scoring.contributions import Contribution
from engines.scoring.factors import contribution, of_estimate
from engines.scoring.inputs import Inputs, number, plain
from engines.scoring.kinds import OverlapFactor
from engines.scoring.known import EstimateFactor
from engines.scoring.model import Factor, Model, Multiplier

HUNDRED, ONE, ZERO = Decimal(100), Decimal(1), Decimal(0)
TENTH = Decimal("0.1")
EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)
"""More digits than weights, values and a share have together, so nothing is rounded before the end."""


class Line(NamedTuple):
    """One line of a score: the contribution of a factor, and its evidence."""

    factor: str
    label: str
    weight: Decimal
    value: Decimal
    points: Decimal
    known: bool
    evidence: str
    as_of: date | None = None
    event_id: UUID | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its parts; `recheck_on` is the next day on which it can change by itself."""

    score: Decimal
    breakdown: tuple[Line, ...]
    multiplier: Decimal
    multiplier_evidence: str
    urgency: int | None = None
    last_seen_on: date | None = None
    measure: Decimal | None = None
    recheck_on: date | None = None


def score(inputs: Inputs, on: date, model: Model) -> Scored:
    """min(100, 100 x sum(weight x value) x multiplier), one decimal, half to even on the exact value (R22)."""
    with localcontext(EXACT):
        found = _contributions(model, inputs, on)
        lines = tuple(_line(factor, part) for factor, part in found)
        multiplier, evidence, ahead = _multiplier(model.multiplier, inputs, on)
        exact = min(HUNDRED, sum([line.points for line in lines], ZERO) * multiplier)
        best = next((part.signal for _, part in found if part.signal), None)
        return Scored(
            score=exact.quantize(TENTH),
            breakdown=lines,
            multiplier=multiplier,
            multiplier_evidence=evidence,
            urgency=best.urgency if best else None,
            last_seen_on=best.last_seen_on if best else None,
            measure=_measure(model.measure, found),
            recheck_on=min((*ahead, *(later for _, part in found for later in part.changes_on)), default=None),
        )


def _contributions(model: Model, inputs: Inputs, on: date) -> list[tuple[Factor, Contribution]]:
    """Of each factor; estimates come from those of the others."""
    found = {
        factor.factor: (factor, contribution(factor, inputs, on))
        for factor in model.factors
        if not isinstance(factor, EstimateFactor)
    }
    if not model.estimates:
        return list(found.values())
    scored = {name: pair for name, pair in found.items() if name in model.shares}
    return [
        (factor, of_estimate(factor, scored, inputs, on))
        if isinstance(factor, EstimateFactor)
        else found[factor.factor]
        for factor in model.factors
    ]


def _line(factor: Factor, part: Contribution) -> Line:
    decimals = factor.decimals if isinstance(factor, OverlapFactor) else None
    weight, value, points = _computed(factor.weight, part.value, factor.out_of, decimals)
    return Line(
        factor=factor.factor,
        label=factor.label,
        weight=weight,
        value=value,
        points=points,
        known=part.known,
        evidence=part.evidence,
        as_of=part.as_of,
        event_id=part.event_id,
        source=part.source,
    )


@lru_cache(maxsize=4_096)
def _computed(
    weight: Decimal, value: Decimal, out_of: Decimal, decimals: int | None
) -> tuple[Decimal, Decimal, Decimal]:
    """Weight, value and points for display. Cached, because a cohort has few distinct ones and decimals are slow."""
    with localcontext(EXACT):
        points, shown = HUNDRED * weight * value / out_of, value
        if out_of != 1:
            shown = _short(value / out_of)
        if decimals is not None:
            points = points.quantize(Decimal(1).scaleb(-decimals))
        return plain(weight), plain(shown), plain(points)


def _short(share: Decimal) -> Decimal:
    """A rounded share for display; the points do not depend on it."""
    return share if share.as_tuple().exponent >= -6 else share.quantize(Decimal("0.000001"))  # type: ignore[operator]


def _multiplier(rule: Multiplier | None, inputs: Inputs, on: date) -> tuple[Decimal, str, tuple[date, ...]]:
    """The multiplier, its evidence, and the future days of shares that are already reported (R31)."""
    if rule is None:
        return ONE, "the model has no multiplier", ()
    if rule.states and inputs.state not in rule.states:
        return ONE, rule.elsewhere, ()
    ahead = inputs.ahead(rule.field, on)
    fact = inputs.latest(rule.field, on)
    share = number(fact.value) if fact else None
    if fact is None or share is None:
        return Decimal(1), f"unknown: {rule.unknown}", ahead
    within = min(max(share, Decimal(0)), Decimal(1))
    return plain(1 + rule.most * within), f"{rule.label} {plain(within)} as of {fact.as_of}", ahead


def _measure(name: str | None, found: list[tuple[Factor, Contribution]]) -> Decimal | None:
    return next((plain(part.value) for factor, part in found if factor.factor == name and part.known), None)
