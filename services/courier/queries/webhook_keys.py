"""Which programs may manage webhooks over HTTP?"""

from __future__ import annotations

from services.courier.store import webhook_keys as store
from shared.contracts.courier_webhook_keys import WebhookKey, WebhookKeys
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.question
async def webhook_keys(request: WebhookKeys, tx: Tx) -> list[WebhookKey]:
    return await store.everyone(tx)
