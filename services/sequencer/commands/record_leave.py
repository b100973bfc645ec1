"""What happens when a rep is away?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer import store
from services.sequencer.domain.reps import Leave, Team
from services.sequencer.store import reps
from services.sequencer.usecases.announcing import rep_away
from services.sequencer.usecases.team import change_leave, find_member
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_reps import ChangedLeave, RecordLeave
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def record_leave(request: RecordLeave, tx: Tx) -> ChangedLeave:
    await store.lock(tx)
    team = await reps.load(tx)
    leave = Leave(request.rep, request.from_on or tx.today, request.to_on, request.cover)
    find_member(team, leave.rep, tx.today)
    _refuse_cover(team, leave, tx.today)
    if leave.to_on < max(leave.from_on, tx.today):
        raise Refused(f"A leave from {leave.from_on} to {leave.to_on} has no day left; check the dates.", 422)
    existing = [each for each in await reps.leaves_of(tx, leave.rep) if each.from_on <= each.to_on]
    _refuse_overlap(existing, leave)
    version = await reps.version_of(tx, leave)
    leave = replace(leave, version=version + 1)
    tx.emit(rep_away(leave))
    return await change_leave(tx, leave)


def _refuse_cover(team: Team, leave: Leave, today: date) -> None:
    if leave.cover == leave.rep:
        raise Refused(f"{leave.rep} cannot cover for {leave.rep}; name another rep.", 422)
    if leave.cover:
        find_member(team, leave.cover, max(leave.from_on, today))


def _refuse_overlap(existing: list[Leave], leave: Leave) -> None:
    for each in existing:
        if each.from_on != leave.from_on and each.from_on <= leave.to_on and leave.from_on <= each.to_on:
            raise Refused(
                f"{leave.rep} is away from {each.from_on} to {each.to_on} already."
                f" Change that leave with `--from {each.from_on}`, or end it with `pipeline rep back {leave.rep}`.",
                409,
            )
