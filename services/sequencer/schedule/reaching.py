"""Whom can runs turn to today, and by which channels may they?"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.sequencer.domain.contacts import people_for
from services.sequencer.domain.reach import People
from services.sequencer.domain.runs import Run
from services.sequencer.domain.suppression import CHANNELS, obeying, touch_marks
from services.sequencer.store import accounts, contacts, suppressions
from shared.storage.database import Tx


async def people_of(tx: Tx, runs: Collection[Run]) -> dict[UUID, People]:
    """By run, those whom it can turn to by role, each with the channels by which do-not-contact forbids it."""
    held = await contacts.held(tx, [run.facility_id for run in runs], [run.chain for run in runs])
    chains = await accounts.chains(tx, [run.facility_id for run in runs])
    people = {run.enrollment_id: people_for(held, run.facility_id, run.chain) for run in runs}
    marks = {
        mark
        for run in runs
        for contact in people[run.enrollment_id].values()
        for channel in CHANNELS
        for mark in touch_marks(run.facility_id, run.chain or chains.get(run.facility_id), contact, channel)
    }
    standing = await suppressions.standing(tx, marks)
    return {
        run.enrollment_id: obeying(
            people[run.enrollment_id], run.facility_id, run.chain or chains.get(run.facility_id), standing
        )
        for run in runs
    }
