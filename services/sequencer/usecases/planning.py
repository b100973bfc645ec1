"""How is a day planned, and what is left of it once a rep is back?"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from engines.packs import calendar
from services.sequencer.domain.board import changed
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.plan.order import ON_BUSINESS_DAYS
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import PLAN_AT, playbook
from services.sequencer.store import board as boards
from services.sequencer.store import days
from services.sequencer.usecases.deciding import decide
from shared.clock import instant_at
from shared.storage.database import Tx


async def plan_again(tx: Tx) -> list[Task]:
    """Fill what is left of today, if it was planned before. Returns the tasks that became due."""
    book = playbook()
    planned = await days.is_planned(tx, tx.today, instant_at(tx.today, PLAN_AT, calendar().timezone))
    if not planned or not is_business_day(tx.today, book.closed):
        return []
    with without_collection():
        before = await boards.load(tx, book)
        after = await decide(tx, before, book, *ON_BUSINESS_DAYS)
    return [new for old, new in changed(before.tasks, after.tasks) if old is None and new.is_open]


@contextmanager
def without_collection() -> Iterator[None]:
    """A board has no cycles; to look for some in ten thousand accounts, again and again, costs a fifth of a plan."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
