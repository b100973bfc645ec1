"""What happens when a person moves a lead to another stage?"""

from __future__ import annotations

from services.sequencer.usecases import staging
from shared.contracts.sequencer_leads import ChangedLead, MoveLead
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def move_lead(request: MoveLead, tx: Tx) -> ChangedLead:
    return await staging.move_lead(request, tx)
