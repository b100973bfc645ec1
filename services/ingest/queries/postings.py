"""What is the state of postings?"""

from __future__ import annotations

from services.ingest.store import postings as store
from services.ingest.usecases.postings import named, visible
from shared.contracts.ingest import ExportedPosting, ExportPostings, Posting, PostingDetails
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def posting_details(request: PostingDetails, tx: Tx) -> Posting:
    """A posting as ingest stores it; its outcome is the matcher's."""
    return visible(await named(request, tx))


@router.question
async def export_postings(request: ExportPostings, tx: Tx) -> list[ExportedPosting]:
    """A page of postings by id; an empty page is the end."""
    return await store.page(tx, request.after, request.limit)
