"""Which leads are there?"""

from __future__ import annotations

from services.sequencer.store import leads as store
from services.sequencer.store import reps
from services.sequencer.usecases.describing import described
from shared.contracts.sequencer_leads import LeadRow, Leads
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def leads(request: Leads, tx: Tx) -> list[LeadRow]:
    team = await reps.load(tx)
    return [described(row, team, tx.today) for row in await store.page(tx, request)]
