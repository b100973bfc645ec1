"""What happens when a person fills in the intake form of a lead?"""

from __future__ import annotations

from services.sequencer.usecases.leading import change, current, replacing, with_intake
from shared.contracts.sequencer_leads import ChangedLead, FillIntake
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def fill_intake(request: FillIntake, tx: Tx) -> ChangedLead:
    board, lead = await current(request, request.facility_id, tx)
    return await change(tx, board, lead, replacing(with_intake(lead, request.values)))
