"""Which sources may submit postings over HTTP?"""

from __future__ import annotations

from typing import Any

from shared.contracts.requests import Nothing
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.ask("sources")
async def sources(request: Nothing, tx: Tx) -> list[dict[str, Any]]:
    return await keys.holders(tx)
