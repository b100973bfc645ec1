"""What did people do, and is that record unchanged?"""

from __future__ import annotations

from services.console.store import audit as store
from services.console.store.sessions import see_as
from services.console.usecases import auditing
from shared.contracts.console import AuditLog, AuditRow, AuditVerdict, VerifyAudit
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def audit_log(request: AuditLog, tx: Tx) -> list[AuditRow]:
    await see_as(tx, "service", "")
    found = await store.latest(tx, request.name or "", before=request.before, limit=request.limit)
    return [AuditRow.model_validate(row) for row in found]


@router.question
async def verify_audit(request: VerifyAudit, tx: Tx) -> AuditVerdict:
    return await auditing.verify(tx, request.head)
