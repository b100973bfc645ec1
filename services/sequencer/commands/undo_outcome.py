"""What happens when a person takes back the outcome of a lead?"""

from __future__ import annotations

from services.sequencer.store import suppressions, tasks
from services.sequencer.usecases.outcomes import take_back
from shared.contracts.sequencer_leads import UndoneOutcome, UndoOutcome
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def undo_outcome(request: UndoOutcome, tx: Tx) -> UndoneOutcome:
    lead, outcome = await take_back(request, tx)
    suppressed = await suppressions.of_target(tx, "facility", lead.facility_id)
    found = await tasks.of_account(tx, lead.facility_id)
    return UndoneOutcome(
        facility_id=lead.facility_id,
        lead_id=lead.lead_id,
        outcome=outcome.outcome,
        stage=lead.stage,
        version=lead.version,
        due=sum(task.status == "due" for task in found),
        not_contacted=suppressed.channels if suppressed else [],
    )
