"""What happens when a day begins? The plan."""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.plan.order import FIRST, LAST, ON_BUSINESS_DAYS
from services.sequencer.settings import PLAN_AT, playbook
from services.sequencer.store import board
from services.sequencer.usecases.clocks import call_out
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.planning import without_collection
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.daily(at=PLAN_AT.isoformat())
async def plan(tx: Tx) -> None:
    """Make the decisions of the day, in this order; then call out the accounts that have waited too long."""
    book = playbook()
    await store.lock(tx)
    worked = ON_BUSINESS_DAYS if is_business_day(tx.today, book.closed) else ()
    with without_collection():
        planned = await decide(tx, await board.load(tx, book), book, *FIRST, *worked, *LAST)
        await call_out(tx, planned, book)
