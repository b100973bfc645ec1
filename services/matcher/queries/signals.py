"""Which signals follow from all postings?"""

from __future__ import annotations

from services.matcher.store import postings as store
from shared.contracts.matcher import ExportedSignal, ExportSignals
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def export_signals(request: ExportSignals, tx: Tx) -> list[ExportedSignal]:
    """A page with a row for each signal; all signals of a facility and role family are on one page."""
    facility_id, _, role = (request.after or "").partition("/")
    pairs = await store.page_of_signals(tx, (facility_id, role), request.limit)
    return [
        ExportedSignal(
            facility_id=pair["facility_id"], facility=pair["name"], role_family=pair["role_family"], **signal
        )
        for pair in pairs
        for signal in pair["signals"]
    ]
