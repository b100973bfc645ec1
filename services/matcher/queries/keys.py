"""Who may reconcile lists of their own over HTTP?"""

from __future__ import annotations

from typing import Any

from shared.contracts.requests import Nothing
from shared.service import Router
from shared.storage import keys as kept
from shared.storage.database import Tx

router = Router()


@router.ask("keys")
async def keys(request: Nothing, tx: Tx) -> list[dict[str, Any]]:
    return await kept.holders(tx)
