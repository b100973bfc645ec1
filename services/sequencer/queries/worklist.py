"""Which tasks are on the worklist?"""

from __future__ import annotations

from services.sequencer.usecases.worklist import worklist_of
from shared.contracts.sequencer import Worklist
from shared.contracts.sequencer_replies import WorklistTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def worklist(request: Worklist, tx: Tx) -> list[WorklistTask]:
    return await worklist_of(request, tx)
