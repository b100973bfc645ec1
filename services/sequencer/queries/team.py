"""Who is in the team?"""

from __future__ import annotations

from services.sequencer.store import reps
from services.sequencer.usecases.team import row_of
from shared.contracts.sequencer_reps import RepRow, Team
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def team(request: Team, tx: Tx) -> list[RepRow]:
    found = await reps.load(tx)
    return [row_of(found, each, tx.today) for each in found.reps]
