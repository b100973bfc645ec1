"""Which leads are there?"""

from __future__ import annotations

from services.sequencer.store import leads as store
from shared.contracts.sequencer_leads import LeadRow, Leads
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def leads(request: Leads, tx: Tx) -> list[LeadRow]:
    return await store.page(tx, request.after, request.limit)
