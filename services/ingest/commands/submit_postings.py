"""Which of the postings that a source submits are taken?"""

from __future__ import annotations

from services.ingest.usecases.postings import take_in
from shared.contracts.ingest import SubmitPostings, Submitted
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def submit_postings(request: SubmitPostings, tx: Tx) -> Submitted:
    """Answered per posting: one that is wrong never hinders the rest."""
    return Submitted(results=await take_in(request.source, request.postings, tx))
