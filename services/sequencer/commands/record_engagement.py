"""What happens when a person records what a prospect did?"""

from __future__ import annotations

from services.sequencer.usecases import engaging
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_engagement import RecordedEngagement, RecordEngagement
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def record_engagement(request: RecordEngagement, tx: Tx) -> RecordedEngagement:
    [recorded] = await engaging.record(tx, request.source, [request])
    if isinstance(recorded, Refused):
        raise recorded
    return recorded
