"""What happens when a person fills in the intake form of a lead?"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer.domain.intake import Invalid, filled
from services.sequencer.settings import playbook
from services.sequencer.usecases.leading import change, current, replacing
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import ChangedLead, FillIntake
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def fill_intake(request: FillIntake, tx: Tx) -> ChangedLead:
    board, lead = await current(request, request.facility_id, tx)
    try:
        intake = filled(lead, request.values, playbook().stages.intake)
    except Invalid as invalid:
        raise Refused(f"{invalid}; nothing was recorded.", code=422) from invalid
    return await change(tx, board, lead, replacing(replace(lead, intake=intake)))
