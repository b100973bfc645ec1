"""What happens when a person touched an account without a task?"""

from __future__ import annotations

from services.sequencer.usecases import logging_touches
from shared.contracts.sequencer_touches import LogTouch, RecordedTask
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def log_touch(request: LogTouch, tx: Tx) -> RecordedTask:
    return await logging_touches.log_touch(request, tx)
