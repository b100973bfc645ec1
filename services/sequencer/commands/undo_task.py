"""What happens when a person takes back that a task was done or skipped?"""

from __future__ import annotations

from services.sequencer.usecases import undoing
from shared.contracts.sequencer_touches import RecordedTask, UndoTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def undo_task(request: UndoTask, tx: Tx) -> RecordedTask:
    return await undoing.undo_task(request, tx)
