"""How is the exchange with a CRM doing, and what did both sides change?"""

from __future__ import annotations

from services.courier import settings
from services.courier.store import crm as store
from services.courier.store import crm_shown as shown
from services.courier.usecases.asking import lacking
from shared.contracts.courier_crm import (
    CrmAccount,
    CrmComparison,
    CrmConflict,
    CrmConflicts,
    CrmDeployed,
    CrmDrift,
    CrmFailure,
    CrmFailures,
    CrmLane,
    CrmOfAccount,
    CrmSettings,
    CrmStatus,
)
from shared.service import Router
from shared.storage.database import Tx

router = Router()
LAST = 2**63 - 1
CONFLICTS = 10
"""Of an account, those that are stated."""


@router.question
async def crm_status(request: CrmStatus, tx: Tx) -> list[CrmLane]:
    return await store.status(tx, settings.deployed().crm)


@router.question
async def crm_conflicts(request: CrmConflicts, tx: Tx) -> list[CrmConflict]:
    before = LAST if request.before is None else request.before
    return await shown.conflicts(tx, settings.deployed().crm, None, request.limit, before)


@router.question
async def crm_drift(request: CrmDrift, tx: Tx) -> list[CrmComparison]:
    return await shown.comparisons(tx, settings.deployed().crm)


@router.question
async def crm_settings(request: CrmSettings, tx: Tx) -> CrmDeployed:
    return CrmDeployed(system=settings.deployed().crm or None, missing=lacking())


@router.question
async def crm_failures(request: CrmFailures, tx: Tx) -> list[CrmFailure]:
    return await shown.failures(tx, settings.deployed().crm, request.limit)


@router.question
async def crm_of_account(request: CrmOfAccount, tx: Tx) -> CrmAccount | None:
    system = settings.deployed().crm
    found = await shown.link(tx, system, request.facility_id)
    if found is None:
        return None
    return CrmAccount(
        system=system,
        their_id=found.their_id,
        url=settings.crm_page("companies", found.their_id) if found.their_id else None,
        sent_at=found.pushed_at,
        withheld=found.their_id is None and found.pushed_at is None,
        error=found.error,
        conflicts=await shown.conflicts(tx, system, request.facility_id, CONFLICTS),
    )
