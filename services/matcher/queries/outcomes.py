"""What became of postings?"""

from __future__ import annotations

from typing import Any

from services.matcher.store import postings as store
from shared.contracts.matcher import ExportOutcomes, Outcomes
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask("outcome")
async def outcomes(request: Outcomes, tx: Tx) -> list[dict[str, Any]]:
    return await store.outcomes(tx, request.posting_ids)


@router.ask("export_outcomes")
async def export_outcomes(request: ExportOutcomes, tx: Tx) -> list[dict[str, Any]]:
    return await store.page_of_outcomes(tx, request.after, request.limit)
