"""Which accounts are bookmarked?"""

from __future__ import annotations

from services.sequencer.store import bookmarks as store
from shared.contracts.sequencer_touches import BookmarkRow, Bookmarks
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def bookmarks(request: Bookmarks, tx: Tx) -> list[BookmarkRow]:
    return await store.show(tx)
