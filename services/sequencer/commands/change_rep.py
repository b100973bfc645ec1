"""What happens when the data of a rep change?"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer import store
from services.sequencer.store import reps
from services.sequencer.usecases.team import find, row_of, store_reps, with_fields
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_reps import ChangeRep, RepRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def change_rep(request: ChangeRep, tx: Tx) -> RepRow:
    await store.lock(tx)
    before = find(await reps.load(tx), request.rep)
    refuse_outdated(request, before.version, f"{before.rep} is {before.name}, {before.email}, {before.phone}.")
    after = with_fields(before, request)
    if after != before:
        after = replace(after, version=before.version + 1)
        await store_reps(tx, [(before, after)])
    return row_of(await reps.load(tx), after, tx.today)
