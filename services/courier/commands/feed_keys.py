"""Which programs may read events over HTTP?"""

from __future__ import annotations

from services.courier.store import feed_keys
from services.courier.usecases import holding
from services.courier.usecases.kinds import refuse_unknown
from shared.contracts.courier_feeds import AddFeedKey, RemoveFeedKey
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.command
async def add_feed_key(request: AddFeedKey, tx: Tx) -> None:
    refuse_unknown(request.types)
    await keys.put(tx, request.name, request.key_hash)
    await holding.refuse_another_use(tx, request.name, holding.FEED)
    await feed_keys.put(tx, request.name, request.types, request.personal)


@router.command
async def remove_feed_key(request: RemoveFeedKey, tx: Tx) -> None:
    await holding.refuse_without(tx, request.name, holding.FEED)
    await keys.revoke(tx, request.name)
    await feed_keys.remove(tx, request.name)
