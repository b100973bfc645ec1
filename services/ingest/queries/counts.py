"""How many postings, facilities and imports are there?"""

from __future__ import annotations

from services.ingest.store import postings as store
from shared.contracts.ingest import Counts, IngestCounts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def counts(request: Counts, tx: Tx) -> IngestCounts:
    return await store.counts(tx)
