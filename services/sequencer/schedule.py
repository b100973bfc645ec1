"""What happens when a day begins? The plan."""

from __future__ import annotations

from services.sequencer import store
from services.sequencer.domain.board import Decision
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.plan.account_tasks import end_account_tasks, resume_tasks
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.ending import complete_enrollments, stop_enrollments
from services.sequencer.domain.plan.enrolling import hand_over, join_chains
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.leads import assign_owners, close_leads, raise_leads, raise_worked
from services.sequencer.domain.plan.pausing import resume
from services.sequencer.domain.plan.working import work
from services.sequencer.settings import PLAN_AT, playbook
from services.sequencer.store import board
from services.sequencer.usecases.deciding import decide
from shared.service import Router
from shared.storage.database import Tx

router = Router()

FIRST: tuple[Decision, ...] = (
    stop_enrollments,
    follow_contacts,
    assign_owners,
    raise_leads,
    close_leads,
    end_account_tasks,
)
ON_BUSINESS_DAYS: tuple[Decision, ...] = (
    resume,
    resume_tasks,
    cover_absent,
    join_chains,
    hand_over,
    work,
    raise_worked,
)
LAST: tuple[Decision, ...] = (complete_enrollments,)


@router.daily(at=PLAN_AT.isoformat())
async def plan(tx: Tx) -> None:
    """Make the decisions of the day, in this order."""
    book = playbook()
    await store.lock(tx)
    worked = ON_BUSINESS_DAYS if is_business_day(tx.today, book.closed) else ()
    await decide(tx, await board.load(tx, book), book, *FIRST, *worked, *LAST)
