"""What happens when a source reports that a posting is closed?"""

from __future__ import annotations

from services.ingest.usecases.postings import close_reported, identified, visible
from shared.contracts.ingest import ClosePosting, Posting
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def close_posting(request: ClosePosting, tx: Tx) -> Posting:
    """A repeated report changes nothing. A report older than the last sighting is stored; the posting stays open."""
    return visible(await close_reported(identified(request), request.closed_on, tx, request))
