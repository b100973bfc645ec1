"""How are changed scores computed, stored and published?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engines.scoring.formula import score
from engines.scoring.inputs import Inputs
from engines.scoring.model import Model
from engines.scoring.pack import Scheme
from engines.scoring.score_state import ScoreState, cause_of, must_publish, numbers, score_state
from engines.scoring.tiers import in_force, tier_of
from services.scorer.store import calibrations, models, scores
from services.scorer.store import inputs as recorded
from services.scorer.store.scores import StoredScore
from shared.contracts.events import Event, FactorScore, ScoreChanged
from shared.storage.database import Tx

NO_EVENTS: Mapping[str, Event] = {}
AT_ONCE = 2_000
"""The number of facilities whose inputs are in memory at the same time."""


async def rescore(tx: Tx, facility_ids: Sequence[str], cause: str, by: Mapping[str, Event] = NO_EVENTS) -> None:
    """Rescore facilities; write the changed scores and publish the significant changes (R22, R23).

    The caller has locked the cuts and the facilities, or everything. `by` contains the event that caused each change.
    """
    for start in range(0, len(facility_ids), AT_ONCE):
        await _rescore(tx, facility_ids[start : start + AT_ONCE], cause, by)


async def _rescore(tx: Tx, facility_ids: Sequence[str], cause: str, by: Mapping[str, Event]) -> None:
    scheme = await models.in_force(tx)
    model = scheme.model
    inputs = {one.facility_id: one for one in await recorded.inputs(tx, facility_ids, model.fields, model.depth)}
    current, previous = await scores.current_and_previous(tx, facility_ids, tx.today)
    states = await _score_states(tx, list(inputs.values()), scheme)
    changed = [new for new in states if new.facility_id not in current or current[new.facility_id].state != new]
    if not changed:
        return
    await _write(tx, changed, current, previous, inputs, model)
    for new in changed:
        last = current.get(new.facility_id)
        if must_publish(last.state if last else None, new, model):
            tx.emit(_event(tx, new, last, cause), cause=by.get(new.facility_id))


async def _score_states(tx: Tx, several: Sequence[Inputs], scheme: Scheme) -> list[ScoreState]:
    latest = await calibrations.latest(tx, of=[one.facility_id for one in several])
    record, lowest = in_force(scheme.policy, latest), scheme.policy.lowest
    scored = [(one.facility_id, score(one, tx.today, scheme.model)) for one in several]
    return [
        score_state(facility_id, found, tier_of(facility_id, found.score, record, lowest), scheme.pack)
        for facility_id, found in scored
    ]


async def _write(
    tx: Tx,
    changed: Sequence[ScoreState],
    current: Mapping[str, StoredScore],
    previous: Mapping[str, StoredScore],
    inputs: Mapping[str, Inputs],
    model: Model,
) -> None:
    """Write scores, and the history: a row for each day that ended with another score than the day before."""
    written = [
        StoredScore(new, _next_version(current.get(new.facility_id)), _since(tx, new, previous.get(new.facility_id)))
        for new in changed
    ]
    await scores.write(tx, written, _with_cause(tx, written, previous, inputs, model))
    if unchanged := [one.state.facility_id for one in written if one.scored_on < tx.today]:
        await scores.forget_today(tx, unchanged)


def _next_version(current: StoredScore | None) -> int:
    return current.score_version + 1 if current else 1


def _since(tx: Tx, new: ScoreState, previous: StoredScore | None) -> date:
    """The day since which the score has been unchanged; changes within a day that cancel out do not count."""
    return previous.scored_on if previous and numbers(previous.state) == numbers(new) else tx.today


def _with_cause(
    tx: Tx,
    written: Sequence[StoredScore],
    previous: Mapping[str, StoredScore],
    inputs: Mapping[str, Inputs],
    model: Model,
) -> Iterator[tuple[StoredScore, str]]:
    for one in written:
        if one.scored_on == tx.today:
            last = previous.get(one.state.facility_id)
            aged = score(inputs[one.state.facility_id], last.scored_on, model) if last else None
            since = last.scored_on if last else None
            yield one, cause_of(last.state if last else None, one.state, aged, model, since)


def _event(tx: Tx, new: ScoreState, previous: StoredScore | None, cause: str) -> ScoreChanged:
    current = StoredScore(new, _next_version(previous), tx.today)
    return score_changed(current, cause, previous.state if previous else None)


def score_changed(score: StoredScore, cause: str, previous: ScoreState | None = None) -> ScoreChanged:
    new = score.state
    return ScoreChanged(
        facility_id=new.facility_id,
        score_version=score.score_version,
        score=new.score,
        tier=new.tier,
        previous_score=previous.score if previous else None,
        previous_tier=previous.tier if previous else None,
        scored_on=score.scored_on,
        breakdown=tuple(FactorScore.model_validate(line) for line in new.breakdown),
        multiplier=new.multiplier,
        urgency=new.urgency,
        last_seen_on=new.last_seen_on,
        measure=new.measure,
        pack=new.pack,
        cause=cause,
    )
