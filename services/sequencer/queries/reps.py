"""Which reps can have tasks?"""

from __future__ import annotations

from services.sequencer.usecases.worklist import all_reps
from shared.contracts.sequencer import Reps
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def reps(request: Reps, tx: Tx) -> list[str]:
    return await all_reps(tx)
