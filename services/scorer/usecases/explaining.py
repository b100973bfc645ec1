"""Why is a score what it is, today or on a past day, and what would raise it to the next tier?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engines.scoring.model import Model
from engines.scoring.raising import to_reach
from engines.scoring.score_state import Detail
from engines.scoring.tiers import Record, in_force
from services.scorer.store import calibrations, inputs, models, scores
from services.scorer.usecases import replaying
from shared.contracts.refusals import Refused
from shared.contracts.scorer_replies import (
    ChangedFactor,
    NextTier,
    RecordedSignal,
    ScoredDay,
    ScoredFacility,
    ScoreLine,
    ScoreReasons,
    WayUp,
)
from shared.storage.database import Tx

HISTORY = 10


async def why_now(tx: Tx, found: Mapping[str, Any]) -> ScoreReasons:
    """The current score."""
    facility_id = found["facility_id"]
    scheme = await models.in_force(tx)
    record = in_force(scheme.policy, await calibrations.latest(tx, of=[facility_id]))
    signals = await inputs.signals_of(tx, facility_id)
    return ScoreReasons(
        **{**found, "breakdown": _lines(found["breakdown"])},
        facility=ScoredFacility(**found),
        cuts=dict(record.cuts) if record else {},
        calibrated_on=record.calibrated_on if record else None,
        signals=[RecordedSignal(**signal, open=signal["expires_on"] >= tx.today) for signal in signals],
        history=_history(await scores.history(tx, facility_id, HISTORY + 1)),
        unknown=_unknown(found["breakdown"]),
        next_tier=_next_tier(
            found["tier"], found["score"], found["multiplier"], found["breakdown"], record, scheme.model
        ),
    )


async def why_on(tx: Tx, found: Mapping[str, Any], on: date) -> ScoreReasons:
    """The score of a past day, replayed from the inputs recorded by its end; refused if there was none."""
    facility_id = found["facility_id"]
    past = await replaying.past(tx, on)
    replayed = (await replaying.replayed(tx, [facility_id], past)).get(facility_id)
    if replayed is None:
        raise Refused(f"{facility_id} had no score on {on}: it was not listed yet.", code=404)
    scored, state = replayed
    days = await scores.history(tx, facility_id, HISTORY, on)
    return ScoreReasons(
        facility=ScoredFacility(**found),
        on=on,
        score=scored.score,
        tier=state.tier,
        scored_on=past.aged_on,
        multiplier=scored.multiplier,
        multiplier_evidence=scored.multiplier_evidence,
        breakdown=_lines(state.breakdown),
        pack=state.pack,
        cuts=dict(past.record.cuts) if past.record else {},
        calibrated_on=past.record.calibrated_on if past.record else None,
        signals=[],
        history=[ScoredDay(**row, changed=[]) for row in days],
        unknown=_unknown(state.breakdown),
        stored=not (await replaying.compared(tx, [facility_id], past)).differing,
        next_tier=_next_tier(
            state.tier, scored.score, scored.multiplier, state.breakdown, past.record, past.scheme.model
        ),
    )


def _next_tier(
    tier: int,
    score: Decimal,
    multiplier: Decimal,
    breakdown: Sequence[Detail],
    record: Record | None,
    model: Model,
) -> NextTier | None:
    """The next better tier, the points missing to its cut, and what would add them.

    None in the best tier or without a calibration.
    """
    if record is None or tier == 1:
        return None
    cut = record.cuts[tier - 1]
    points = {line["factor"]: Decimal(line["points"]) for line in breakdown}
    ways = [WayUp.model_validate(way) for way in to_reach(cut, score, points, multiplier, model)]
    return NextTier(tier=tier - 1, cut=cut, missing=max(cut - score, Decimal(0)), ways=ways)


def _history(past: Sequence[Mapping[str, Any]]) -> list[ScoredDay]:
    """The latest days on which the score changed, each with the factors whose points changed."""
    pairs = list(zip(past, [*past[1:], None], strict=True))[:HISTORY]
    return [ScoredDay(**row, changed=_changed(row, earlier)) for row, earlier in pairs]


def _changed(row: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> list[ChangedFactor]:
    points = {line["factor"]: line["points"] for line in earlier["breakdown"]} if earlier else {}
    return [
        ChangedFactor(factor=line["factor"], before=points.get(line["factor"]), after=line["points"])
        for line in row["breakdown"]
        if points.get(line["factor"]) != line["points"]
    ]


def _lines(breakdown: Sequence[Detail]) -> list[ScoreLine]:
    return [ScoreLine.model_validate(line) for line in breakdown]


def _unknown(breakdown: Sequence[Detail]) -> list[str]:
    """The factors that could give points, and of which nothing is known."""
    return [line["factor"] for line in breakdown if not line["known"] and Decimal(line["weight"])]
