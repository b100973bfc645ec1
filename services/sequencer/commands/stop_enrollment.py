"""What happens when a person ends an enrollment?"""

from __future__ import annotations

from services.sequencer.usecases import pausing
from shared.contracts.sequencer_enrollments import ChangedEnrollment, StopEnrollment
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def stop_enrollment(request: StopEnrollment, tx: Tx) -> ChangedEnrollment:
    return await pausing.stop(request, tx)
