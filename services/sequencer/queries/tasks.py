"""Which tasks are there?"""

from __future__ import annotations

from services.sequencer.store import tasks as store
from shared.contracts.sequencer import Tasks
from shared.contracts.sequencer_replies import TaskRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def tasks(request: Tasks, tx: Tx) -> list[TaskRow]:
    return await store.page(tx, request.after, request.limit)
