"""Which drafts exist, optionally of a status or a rep?"""

from __future__ import annotations

from services.notifier import store
from shared.contracts.notifier import Draft, Drafts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def drafts(request: Drafts, tx: Tx) -> list[Draft]:
    return await store.drafts(tx, request.statuses, request.rep, request.limit, request.offset, latest=request.latest)
