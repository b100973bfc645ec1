"""What happens when a task was done?"""

from __future__ import annotations

from services.sequencer.usecases.ending import end_task
from shared.contracts.sequencer import CompleteTask
from shared.contracts.sequencer_replies import EndedTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def complete_task(request: CompleteTask, tx: Tx) -> EndedTask:
    return await end_task(request, "done", tx)
