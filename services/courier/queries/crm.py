"""How is the exchange with a CRM doing, and what did both sides change?"""

from __future__ import annotations

from services.courier import settings
from services.courier.store import crm as store
from shared.contracts.courier_crm import CrmComparison, CrmConflict, CrmConflicts, CrmDrift, CrmLane, CrmStatus
from shared.service import Router
from shared.storage.database import Tx

router = Router()
LAST = 2**63 - 1


@router.question
async def crm_status(request: CrmStatus, tx: Tx) -> list[CrmLane]:
    return await store.status(tx, settings.deployed().crm)


@router.question
async def crm_conflicts(request: CrmConflicts, tx: Tx) -> list[CrmConflict]:
    before = LAST if request.before is None else request.before
    return await store.conflicts(tx, settings.deployed().crm, before, request.limit)


@router.question
async def crm_drift(request: CrmDrift, tx: Tx) -> list[CrmComparison]:
    return await store.comparisons(tx, settings.deployed().crm)
