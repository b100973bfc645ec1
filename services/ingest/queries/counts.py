"""How much has ingest taken in?"""

from __future__ import annotations

from typing import Any

from services.ingest.store import postings as store
from shared.contracts.requests import Nothing
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("counts")
async def counts(request: Nothing, tx: Tx) -> dict[str, Any]:
    return await store.counts(tx)
