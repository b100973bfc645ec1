"""How is a webhook shown, with its secret and what it got?"""

from __future__ import annotations

from typing import get_args

from services.courier import settings
from services.courier.store import deliveries as store
from services.courier.usecases.describing import described, one, rows, webhook_of
from shared.contracts.courier import (
    Deliveries,
    Delivery,
    DeliveryDetails,
    DeliveryState,
    Secret,
    Webhook,
    WebhookDetails,
    Webhooks,
    WebhookSecret,
)
from shared.contracts.refusals import Refused
from shared.outbound.webhooks import secret_of
from shared.storage.database import Tx

LAST = 2**63 - 1


async def webhooks(request: Webhooks, tx: Tx) -> list[Webhook]:
    return await described(tx)


async def webhook_details(request: WebhookDetails, tx: Tx) -> Webhook:
    return await one(tx, request.name)


async def webhook_secret(request: WebhookSecret, tx: Tx) -> Secret:
    webhook = await webhook_of(tx, request.name)
    key = settings.deployed().secret_key.get_secret_value()
    if not key:
        raise Refused("PIPELINE_COURIER_SECRET_KEY is not set, so nothing can be signed.", 409)
    current, *previous = map(secret_of, webhook.keys(key, tx.now))
    return Secret(
        name=webhook.name,
        secret=current,
        previous=previous[0] if previous else None,
        both_until=webhook.both_until if previous else None,
    )


async def deliveries(request: Deliveries, tx: Tx) -> list[Delivery]:
    webhook = await webhook_of(tx, request.name)
    states = request.states or list(get_args(DeliveryState))
    before = LAST if request.before is None else request.before
    return rows(await store.page(tx, webhook.name, states, before, request.limit))


async def delivery_details(request: DeliveryDetails, tx: Tx) -> Delivery:
    await webhook_of(tx, request.name)
    found = await store.find(tx, request.name, request.delivery)
    if found is None:
        raise Refused(f"{request.name} has no delivery {request.delivery}.", 404, {"delivery": "unknown"})
    return rows([found])[0]
