"""What does a rep own, and when is the rep away?"""

from __future__ import annotations

from services.sequencer.store import reps
from services.sequencer.usecases.team import find, leave_row, row_of
from shared.contracts.sequencer_reps import RepDetails, ShowRep
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def show_rep(request: ShowRep, tx: Tx) -> RepDetails:
    team = await reps.load(tx)
    rep = find(team, request.rep)
    leaves = [leave_row(each) for each in await reps.leaves_of(tx, rep.rep) if each.from_on <= each.to_on]
    owned = await reps.owned(tx, rep.rep)
    return RepDetails(**dict(row_of(team, rep, tx.today)), owned=owned, leaves=leaves)
