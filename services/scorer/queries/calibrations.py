"""Which calibrations were there?"""

from __future__ import annotations

from services.scorer.store import calibrations as store
from shared.contracts.scorer import Calibrations
from shared.contracts.scorer_replies import Calibration
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def calibrations(request: Calibrations, tx: Tx) -> list[Calibration]:
    return await store.newest(tx, request.limit)
