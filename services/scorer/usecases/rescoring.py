"""Which scores change, given what was recorded, and who hears of it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engines.scoring.formula import score
from engines.scoring.inputs import Inputs
from engines.scoring.model import Model
from engines.scoring.pack import Scheme
from engines.scoring.standing import Standing, cause_of, numbers, standing, worth_telling
from engines.scoring.tiers import in_force, tier_of
from services.scorer.store import calibrations, models, scores
from services.scorer.store import inputs as recorded
from services.scorer.store.scores import Held
from shared.contracts.events import Event, FactorScore, ScoreChanged
from shared.storage.database import Tx

NO_EVENTS: Mapping[str, Event] = {}
AT_ONCE = 2_000
"""Facilities whose inputs are held in memory at the same time."""


async def rescore(tx: Tx, facility_ids: Sequence[str], cause: str, by: Mapping[str, Event] = NO_EVENTS) -> None:
    """Score facilities anew; write what changed, publish what is worth telling (R22, R23).

    The caller holds the cuts, and the facilities too unless it holds everything. `by` names the event behind each.
    """
    for start in range(0, len(facility_ids), AT_ONCE):
        await _rescore(tx, facility_ids[start : start + AT_ONCE], cause, by)


async def _rescore(tx: Tx, facility_ids: Sequence[str], cause: str, by: Mapping[str, Event]) -> None:
    scheme = await models.in_force(tx)
    model = scheme.model
    inputs = {one.facility_id: one for one in await recorded.inputs(tx, facility_ids, model.fields, model.depth)}
    held, before = await scores.held(tx, facility_ids, tx.today)
    stands = await _stand(tx, list(inputs.values()), scheme)
    changed = [now for now in stands if now.facility_id not in held or held[now.facility_id].standing != now]
    if not changed:
        return
    await _write(tx, changed, held, before, inputs, model)
    for now in changed:
        last = held.get(now.facility_id)
        if worth_telling(last.standing if last else None, now, model):
            tx.emit(_event(tx, now, last, cause), cause=by.get(now.facility_id))


async def _stand(tx: Tx, several: Sequence[Inputs], scheme: Scheme) -> list[Standing]:
    latest = await calibrations.latest(tx, of=[one.facility_id for one in several])
    record, lowest = in_force(scheme.policy, latest), scheme.policy.lowest
    scored = [(one.facility_id, score(one, tx.today, scheme.model)) for one in several]
    return [
        standing(facility_id, found, tier_of(facility_id, found.score, record, lowest), scheme.pack)
        for facility_id, found in scored
    ]


async def _write(
    tx: Tx,
    changed: Sequence[Standing],
    held: Mapping[str, Held],
    before: Mapping[str, Held],
    inputs: Mapping[str, Inputs],
    model: Model,
) -> None:
    """Scores, and the history: a row for each day at whose end the numbers differ from before that day."""
    written = [
        Held(now, _next_version(held.get(now.facility_id)), _since(tx, now, before.get(now.facility_id)))
        for now in changed
    ]
    await scores.write(tx, written, _with_cause(tx, written, before, inputs, model))
    if as_before := [one.standing.facility_id for one in written if one.scored_on < tx.today]:
        await scores.forget_today(tx, as_before)


def _next_version(held: Held | None) -> int:
    return held.score_version + 1 if held else 1


def _since(tx: Tx, now: Standing, before: Held | None) -> date:
    """The day since which the numbers are what they are: an up and down within a day is no change."""
    return before.scored_on if before and numbers(before.standing) == numbers(now) else tx.today


def _with_cause(
    tx: Tx, written: Sequence[Held], before: Mapping[str, Held], inputs: Mapping[str, Inputs], model: Model
) -> Iterator[tuple[Held, str]]:
    for one in written:
        if one.scored_on == tx.today:
            last = before.get(one.standing.facility_id)
            aged = score(inputs[one.standing.facility_id], last.scored_on, model) if last else None
            since = last.scored_on if last else None
            yield one, cause_of(last.standing if last else None, one.standing, aged, model, since)


def _event(tx: Tx, now: Standing, before: Held | None, cause: str) -> ScoreChanged:
    return ScoreChanged(
        facility_id=now.facility_id,
        score_version=_next_version(before),
        score=now.score,
        tier=now.tier,
        previous_score=before.standing.score if before else None,
        previous_tier=before.standing.tier if before else None,
        scored_on=tx.today,
        breakdown=tuple(FactorScore.model_validate(line) for line in now.breakdown),
        multiplier=now.multiplier,
        urgency=now.urgency,
        last_seen_on=now.last_seen_on,
        measure=now.measure,
        pack=now.pack,
        cause=cause,
    )
