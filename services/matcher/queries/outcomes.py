"""What are the outcomes of postings?"""

from __future__ import annotations

from services.matcher.store import postings as store
from shared.contracts.matcher import ExportedOutcome, ExportOutcomes, Outcomes, PostingOutcome
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def outcomes(request: Outcomes, tx: Tx) -> list[PostingOutcome]:
    return await store.outcomes(tx, request.posting_ids)


@router.question
async def export_outcomes(request: ExportOutcomes, tx: Tx) -> list[ExportedOutcome]:
    return await store.page_of_outcomes(tx, request.after, request.limit)
