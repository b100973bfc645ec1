"""What becomes of events that the log loses before a webhook got them? They are given up, and it states that."""

from __future__ import annotations

from uuid import UUID

from services.courier import settings
from services.courier.domain.attempts import lost
from services.courier.store import deliveries, log
from services.courier.store import webhooks as store
from services.courier.usecases.delivering import KIND, wake
from services.courier.usecases.kinds import PERSONAL_TYPES
from shared.contracts.events import DeliveryFailed
from shared.storage import work
from shared.storage.database import Tx


async def shorten(tx: Tx, before: UUID) -> int:
    """Remove the first events that are older than an event id; returns how many, at most `log.CHUNK`.

    The transaction has the lock of the log. What a webhook still wanted of them is a delivery that failed.
    """
    until = await log.oldest(tx, before)
    if until is None:
        return 0
    await _give_up(tx, until)
    return await log.remove(tx, until)


async def _give_up(tx: Tx, until: int) -> None:
    webhooks, days = await store.find(tx), settings.deployed().outbox_days
    await work.lock(tx, KIND, list(webhooks))
    missed = await deliveries.give_up(tx, until, PERSONAL_TYPES, lost(days))
    await store.skip(tx, until)
    await deliveries.block(tx, [name for name in missed if webhooks[name].ordered])
    await wake(tx, list(missed))
    for name, number in missed.items():
        webhook = webhooks[name]
        since = webhook.failing_since or webhook.paused_at or tx.now
        events = "1 event was" if number == 1 else f"{number:,} events were"
        error = f"{events} removed from the log, which keeps {days} days, before they were accepted."
        tx.emit(DeliveryFailed(webhook=name, cursor=str(until), error=error, failing_since=since))
