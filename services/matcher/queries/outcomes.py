"""What are the outcomes of postings?"""

from __future__ import annotations

from services.matcher.store import outcomes as numbers
from services.matcher.store import postings as store
from shared.contracts.matcher import ExportedOutcome, ExportOutcomes, Outcomes, OutcomesOfSource, PostingOutcome
from shared.contracts.matcher_replies import SourceOutcome
from shared.contracts.refusals import Refused
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def outcomes(request: Outcomes, tx: Tx) -> list[PostingOutcome]:
    return await store.outcomes(tx, request.posting_ids)


@router.question
async def outcomes_of_source(request: OutcomesOfSource, tx: Tx) -> list[SourceOutcome]:
    last = await numbers.last_number(tx, request.source)
    if request.after > last:
        raise Refused(f"No outcome of this source has the number {request.after}; begin again without `after`.", 409)
    if request.after + request.limit > last:
        await numbers.number(tx, request.source, last, request.limit)
    return await numbers.numbered(tx, request.source, request.after, request.limit)


@router.question
async def export_outcomes(request: ExportOutcomes, tx: Tx) -> list[ExportedOutcome]:
    return await store.page_of_outcomes(tx, request.after, request.limit)
