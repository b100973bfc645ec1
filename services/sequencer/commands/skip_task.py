"""What happens when a task will not be done?"""

from __future__ import annotations

from services.sequencer.usecases.ending import end_task
from shared.contracts.sequencer import SkipTask
from shared.contracts.sequencer_replies import EndedTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def skip_task(request: SkipTask, tx: Tx) -> EndedTask:
    return await end_task(request, "skipped", tx)
