"""What happens when a rep joins the team?"""

from __future__ import annotations

from dataclasses import replace

from engines.packs import calendar
from services.sequencer import store
from services.sequencer.domain.reps import Rep
from services.sequencer.store import reps
from services.sequencer.usecases.announcing import rep_changed
from services.sequencer.usecases.team import row_of, with_fields
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_reps import AddRep, RepRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def add_rep(request: AddRep, tx: Tx) -> RepRow:
    await store.lock(tx)
    existing = (await reps.load(tx)).get(request.rep)
    if existing and existing.is_in_team(tx.today):
        raise Refused(f"There is a rep {request.rep} already, {existing.name}; `pipeline rep change` corrects.", 409)
    before = existing or Rep(request.rep, request.name, timezone=calendar().timezone, version=0)
    joined = replace(before, joined_on=tx.today, left_on=None, version=before.version + 1)
    rep = with_fields(joined, request)
    await reps.save(tx, [rep])
    tx.emit(rep_changed(rep))
    return row_of(await reps.load(tx), rep, tx.today)
