"""What happens when a task will not be done?"""

from __future__ import annotations

from services.sequencer.usecases import ending
from shared.contracts.sequencer_touches import RecordedTask, SkipTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def skip_task(request: SkipTask, tx: Tx) -> RecordedTask:
    return await ending.skip_task(request, tx)
