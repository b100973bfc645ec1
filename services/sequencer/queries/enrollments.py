"""Which enrollments are there?"""

from __future__ import annotations

from services.sequencer.store import enrollments as store
from shared.contracts.sequencer import Enrollments
from shared.contracts.sequencer_enrollments import EnrollmentRow
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def enrollments(request: Enrollments, tx: Tx) -> list[EnrollmentRow]:
    return await store.page(tx, request.after, request.limit, request.status)
