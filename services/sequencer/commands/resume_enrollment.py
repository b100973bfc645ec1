"""What happens when a person lets a paused enrollment go on?"""

from __future__ import annotations

from services.sequencer.usecases import pausing
from shared.contracts.sequencer_enrollments import ChangedEnrollment, ResumeEnrollment
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def resume_enrollment(request: ResumeEnrollment, tx: Tx) -> ChangedEnrollment:
    return await pausing.resume(request, tx)
