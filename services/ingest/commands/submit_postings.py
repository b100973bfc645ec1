"""Which of the postings that a source submits are accepted?"""

from __future__ import annotations

from services.ingest.usecases.accounting import submitted
from services.ingest.usecases.postings import accept
from shared.contracts.ingest import SubmitPostings, Submitted
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def submit_postings(request: SubmitPostings, tx: Tx) -> Submitted:
    """Returns a result for each posting; an invalid one does not affect the others."""
    origin = submitted(request.actor, request.file)
    return Submitted(results=await accept(request.source, request.postings, tx, origin))
