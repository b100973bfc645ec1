"""What happens when a person records the outcome of a lead?"""

from __future__ import annotations

from services.sequencer.usecases import outcomes
from shared.contracts.sequencer_leads import RecordedOutcome, RecordOutcome
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def record_outcome(request: RecordOutcome, tx: Tx) -> RecordedOutcome:
    return await outcomes.record_outcome(request, tx)
