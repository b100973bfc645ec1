"""What happens when a task waits for a later day?"""

from __future__ import annotations

from services.sequencer.usecases import moving
from shared.contracts.sequencer_touches import MoveTask, RecordedTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def move_task(request: MoveTask, tx: Tx) -> RecordedTask:
    return await moving.move_task(request, tx)
