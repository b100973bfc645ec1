"""Which events of other accounts of a chain are about an account as well?"""

from __future__ import annotations

from services.sequencer.store import enrollments
from shared.contracts.sequencer_enrollments import CoveredBy
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def covered_by(request: CoveredBy, tx: Tx) -> list[str]:
    return await enrollments.covered_by(tx, request.facility_id)
