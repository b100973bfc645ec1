"""What happens because a day begins? The plan: named steps, in this order, decided from the state."""

from __future__ import annotations

from datetime import time

from services.sequencer import store
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.schedule.ending import complete_runs, stop_runs
from services.sequencer.schedule.enrolling import enrol, join_chains
from services.sequencer.schedule.leads import raise_leads
from services.sequencer.schedule.obeying import obey
from services.sequencer.schedule.owners import assign_owners
from services.sequencer.schedule.touches import offer_touches
from services.sequencer.settings import playbook
from shared.service import Router
from shared.storage.database import Tx

router = Router()

PLAN_AT = time(6)


@router.daily(at=PLAN_AT.isoformat())
async def plan(tx: Tx) -> None:
    book = playbook()
    await store.hold(tx)
    await store.hold_accounts(tx)
    await stop_runs(tx, book)
    await obey(tx, book)
    await raise_leads(tx)
    await assign_owners(tx, book)
    if is_business_day(tx.today, book.closed):
        await join_chains(tx, book)
        await enrol(tx, book)
        await offer_touches(tx, book)
    await complete_runs(tx, book)
