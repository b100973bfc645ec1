"""What would the scores of a past day be, from what had been recorded by its end, and is that what was stored?

A score follows from what was received by the end of the day in the deployment's time zone, from the model and the
cuts in force then, and from the day on which scores were last aged: the day itself, unless the scorer was down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engines.scoring.formula import Scored, score
from engines.scoring.pack import Scheme
from engines.scoring.standing import Standing, numbers, standing
from engines.scoring.tiers import Record, in_force, tier_of
from services.scorer.store import calibrations, models, scores
from services.scorer.store import inputs as recorded
from shared import packs
from shared.clock import end_of
from shared.storage.database import Tx


@dataclass(frozen=True)
class Past:
    """What was in force at the end of a day."""

    day: date
    until: datetime
    aged_on: date
    scheme: Scheme
    record: Record | None


@dataclass(frozen=True)
class Differing:
    """A facility whose replayed score is not the one that was stored."""

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


async def scored_then(tx: Tx, facility_ids: Sequence[str], then: Past) -> dict[str, tuple[Scored, Standing]]:
    """Scores anew, for those that were listed by then."""
    model = then.scheme.model
    found = await recorded.inputs(tx, facility_ids, model.fields, model.depth, then.aged_on, then.until)
    scored = [(one.facility_id, score(one, then.aged_on, model)) for one in found]
    return {
        facility_id: (
            said,
            standing(
                facility_id,
                said,
                tier_of(facility_id, said.score, then.record, then.scheme.policy.lowest),
                then.scheme.pack,
            ),
        )
        for facility_id, said in scored
    }


@dataclass(frozen=True)
class Compared:
    """How many had a score, by what was stored or by what was recorded, and those of whom the two differ."""

    scored: int
    differing: list[Differing]


async def compared(tx: Tx, facility_ids: Sequence[str], then: Past) -> Compared:
    """Who differs: whose score, tier, multiplier or any factor's value is not what was stored at the end of the day."""
    replayed = {facility_id: stood for facility_id, (_, stood) in (await scored_then(tx, facility_ids, then)).items()}
    stored = {
        facility_id: held.standing
        for facility_id, held in (await scores.held_before(tx, facility_ids, then.day + timedelta(days=1))).items()
    }
    scored = sorted(stored.keys() | replayed.keys())
    return Compared(
        len(scored),
        [
            _differing(facility_id, stored.get(facility_id), replayed.get(facility_id))
            for facility_id in scored
            if _numbers(stored.get(facility_id)) != _numbers(replayed.get(facility_id))
        ],
    )


def _numbers(stood: Standing | None) -> object:
    return numbers(stood) if stood else None


def _differing(facility_id: str, stored: Standing | None, replayed: Standing | None) -> Differing:
    return Differing(
        facility_id,
        stored.score if stored else None,
        stored.tier if stored else None,
        replayed.score if replayed else None,
        replayed.tier if replayed else None,
    )
