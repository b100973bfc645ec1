"""How far is the rebuild of the read models?"""

from __future__ import annotations

from services.console.store import rebuilding as store
from shared.contracts.console_rebuilding import Rebuilding, RebuildProgress
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def rebuilding(request: Rebuilding, tx: Tx) -> RebuildProgress:
    return await store.last(tx)
