"""Which of the postings that a source submits are taken?"""

from __future__ import annotations

from typing import Any

from services.ingest.usecases.postings import take_in
from shared.contracts.ingest import SubmitPostings
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.ask(subject="ingest.submit")
async def submit_postings(request: SubmitPostings, tx: Tx) -> dict[str, Any]:
    """Answered per posting: one that is wrong never hinders the rest."""
    return {"results": await take_in(request.source, request.postings, tx)}
