"""Who may reconcile lists of their own over HTTP?"""

from __future__ import annotations

from typing import Any

from shared.contracts.requests import Nothing
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


@router.ask("keys")
async def keys(request: Nothing, tx: Tx) -> list[dict[str, Any]]:
    return await kept.holders(tx)
