"""What changes because time passes? The log and the ledger are as long as the outboxes."""

from __future__ import annotations

from datetime import timedelta

from services.courier import settings
from services.courier.store import calendars, crm, crm_fields, deliveries, log, notices
from services.courier.usecases import comparing
from services.courier.usecases.logging import LOCK
from services.courier.usecases.shortening import shorten
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.retention import earliest_id_within

router = Router()


@router.daily(at="02:40")
async def compare_crm(tx: Tx) -> None:
    """Compare all records of the CRM with ours."""
    await comparing.begin(tx, settings.deployed().crm, applies=False)


@router.daily(at="03:10")
async def shorten_log(tx: Tx) -> None:
    """Remove events that no outbox has any more; webhooks that were still to get them state that."""
    await tx.lock(*LOCK)
    before = earliest_id_within(timedelta(days=settings.deployed().outbox_days))
    while await shorten(tx, before) == log.CHUNK:
        pass


@router.daily(at="03:20")
async def shorten_ledger(tx: Tx) -> None:
    """Remove deliveries that ended so long ago that no outbox has their event any more."""
    before = tx.now - timedelta(days=settings.deployed().outbox_days)
    while await deliveries.prune(tx, before) == deliveries.CHUNK:
        pass
    await calendars.forget(tx, before)
    await notices.forget(tx, before)
    await crm.forget_conflicts(tx, before)
    await crm_fields.forget(tx, before)
