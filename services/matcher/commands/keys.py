"""Who gets a key to reconcile lists over HTTP, and who loses it?"""

from __future__ import annotations

from shared.service import Router
from shared.storage import keys as kept
from shared.storage.database import Tx

router = Router()


@router.ask("add_key")
async def add_key(request: kept.Holder, tx: Tx) -> dict[str, str]:
    """The key is shown this once; asked again, a new key takes the place of the old one."""
    return await kept.issue(tx, request.name)


@router.ask("remove_key")
async def remove_key(request: kept.Holder, tx: Tx) -> None:
    await kept.take_back(tx, request.name)
