"""What does a replay of a past day give, and does it differ from the stored scores?

A score follows from the inputs received by the end of the day in the deployment's time zone, from the model and the
cuts in force then, and from the day to which scores were aged: the day itself, unless the scorer was down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engines import packs
from engines.scoring.formula import Scored, score
from engines.scoring.pack import Scheme
from engines.scoring.score_state import ScoreState, numbers, score_state
from engines.scoring.tiers import Record, in_force, tier_of
from services.scorer.store import calibrations, models, scores
from services.scorer.store import inputs as recorded
from shared.clock import end_of
from shared.storage.database import Tx


@dataclass(frozen=True)
class Past:
    """The scheme and the calibration in force at the end of a day."""

    day: date
    until: datetime
    aged_on: date
    scheme: Scheme
    record: Record | None


@dataclass(frozen=True)
class Differing:
    """A facility whose replayed score differs from the stored one."""

    facility_id: str
    stored: Decimal | None
    stored_tier: int | None
    replayed: Decimal | None
    replayed_tier: int | None


async def past(tx: Tx, day: date) -> Past:
    until = end_of(day, packs.calendar().timezone)
    scheme = await models.in_force(tx, until)
    record = in_force(scheme.policy, await calibrations.latest(tx, day))
    return Past(day, until, await scores.aged_on(tx, day) or day, scheme, record)


async def replayed(tx: Tx, facility_ids: Sequence[str], past_day: Past) -> dict[str, tuple[Scored, ScoreState]]:
    """The replayed scores of the facilities that were listed then."""
    model = past_day.scheme.model
    found = await recorded.inputs(tx, facility_ids, model.fields, model.depth, past_day.aged_on, past_day.until)
    scored = [(one.facility_id, score(one, past_day.aged_on, model)) for one in found]
    return {
        facility_id: (
            scored_facility,
            score_state(
                facility_id,
                scored_facility,
                tier_of(facility_id, scored_facility.score, past_day.record, past_day.scheme.policy.lowest),
                past_day.scheme.pack,
            ),
        )
        for facility_id, scored_facility in scored
    }


@dataclass(frozen=True)
class Compared:
    """The number of facilities with a stored or replayed score, and those whose scores differ."""

    scored: int
    differing: list[Differing]


async def compared(tx: Tx, facility_ids: Sequence[str], past_day: Past) -> Compared:
    """The facilities whose score, tier, multiplier or factor value differs from the one stored at the day's end."""
    new = {key: state for key, (_, state) in (await replayed(tx, facility_ids, past_day)).items()}
    stored = {
        key: score.state
        for key, score in (await scores.previous(tx, facility_ids, past_day.day + timedelta(days=1))).items()
    }
    scored = sorted(stored.keys() | new.keys())
    return Compared(
        len(scored),
        [
            _differing(facility_id, stored.get(facility_id), new.get(facility_id))
            for facility_id in scored
            if _numbers(stored.get(facility_id)) != _numbers(new.get(facility_id))
        ],
    )


def _numbers(score: ScoreState | None) -> object:
    return numbers(score) if score else None


def _differing(facility_id: str, stored: ScoreState | None, new: ScoreState | None) -> Differing:
    return Differing(
        facility_id,
        stored.score if stored else None,
        stored.tier if stored else None,
        new.score if new else None,
        new.tier if new else None,
    )
