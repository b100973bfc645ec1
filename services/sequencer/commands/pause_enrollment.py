"""What happens when a person lets an enrollment wait?"""

from __future__ import annotations

from services.sequencer.usecases import pausing
from shared.contracts.sequencer_enrollments import ChangedEnrollment, PauseEnrollment
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def pause_enrollment(request: PauseEnrollment, tx: Tx) -> ChangedEnrollment:
    return await pausing.pause(request, tx)
