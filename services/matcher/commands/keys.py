"""Which programs may reconcile lists over HTTP?"""

from __future__ import annotations

from shared.contracts.matcher import AddKey, RemoveKey
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.command
async def add_key(request: AddKey, tx: Tx) -> None:
    await keys.put(tx, request.name, request.key_hash)


@router.command
async def remove_key(request: RemoveKey, tx: Tx) -> None:
    await keys.revoke(tx, request.name)
