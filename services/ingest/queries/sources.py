"""Which sources may submit postings over HTTP?"""

from __future__ import annotations

from shared.contracts.ingest import Sources
from shared.contracts.keys import KeyHolder
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.question
async def sources(request: Sources, tx: Tx) -> list[KeyHolder]:
    return await keys.holders(tx)
