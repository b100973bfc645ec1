"""Which imports were there?"""

from __future__ import annotations

from services.sequencer.store import imports as store
from shared.contracts.sequencer_imports import ImportRow, Imports
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def imports(request: Imports, tx: Tx) -> list[ImportRow]:
    return await store.latest(tx)
