"""What happens when a task is given to another rep?"""

from __future__ import annotations

from services.sequencer.usecases import moving
from shared.contracts.sequencer_touches import ReassignTask, RecordedTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def reassign_task(request: ReassignTask, tx: Tx) -> RecordedTask:
    return await moving.reassign_task(request, tx)
