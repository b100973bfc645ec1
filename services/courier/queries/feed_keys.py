"""Which programs may read events over HTTP?"""

from __future__ import annotations

from services.courier.store import feed_keys as store
from shared.contracts.courier_feeds import FeedKey, FeedKeys
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def feed_keys(request: FeedKeys, tx: Tx) -> list[FeedKey]:
    return await store.everyone(tx)
