"""Which programs may reconcile lists over HTTP?"""

from __future__ import annotations

from shared.contracts.keys import KeyHolder
from shared.contracts.matcher import Keys
from shared.service import Router
from shared.storage import keys as store
from shared.storage.database import Tx

router = Router()


@router.question
async def keys(request: Keys, tx: Tx) -> list[KeyHolder]:
    return await store.holders(tx)
