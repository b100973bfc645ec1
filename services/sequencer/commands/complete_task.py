"""What happens when a task was done?"""

from __future__ import annotations

from services.sequencer.usecases import ending
from shared.contracts.sequencer_touches import CompleteTask, RecordedTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def complete_task(request: CompleteTask, tx: Tx) -> RecordedTask:
    return await ending.complete_task(request, tx)
