"""Which drafts are on the next page, for a file or a read model?"""

from __future__ import annotations

from services.notifier import store
from shared.contracts.notifier import Draft, ExportDrafts
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def export_drafts(request: ExportDrafts, tx: Tx) -> list[Draft]:
    return await store.drafts_after(tx, request.after, request.limit)
