"""Which programs may manage webhooks over HTTP?"""

from __future__ import annotations

from services.courier.store import webhook_keys
from services.courier.usecases import holding
from shared.contracts.courier_webhook_keys import AddWebhookKey, RemoveWebhookKey
from shared.service import Router
from shared.storage import keys
from shared.storage.database import Tx

router = Router()


@router.command
async def add_webhook_key(request: AddWebhookKey, tx: Tx) -> None:
    await keys.put(tx, request.name, request.key_hash)
    await holding.refuse_another_use(tx, request.name, holding.WEBHOOKS)
    await webhook_keys.put(tx, request.name, request.personal)


@router.command
async def remove_webhook_key(request: RemoveWebhookKey, tx: Tx) -> None:
    await holding.refuse_without(tx, request.name, holding.WEBHOOKS)
    await keys.revoke(tx, request.name)
    await webhook_keys.remove(tx, request.name)
