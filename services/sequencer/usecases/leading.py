"""What happens to leads because of what people do?"""

from __future__ import annotations

from collections.abc import Collection

from services.sequencer.domain.board import Board
from services.sequencer.domain.outcomes import ENDS
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.leads import after, close_leads, own_leads
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.store import enrollments, leads
from services.sequencer.usecases.deciding import decide
from shared.storage.database import Tx


async def follow_touch(tx: Tx, task: Task) -> None:
    """Move the leads of the accounts that a touch reached, as the pack says: all that its enrollment covers (R44)."""
    enrollment = await enrollments.get(tx, task.enrollment_id) if task.enrollment_id else None
    covers = enrollment.covers if enrollment else []
    of_accounts = await leads.of_accounts(tx, {task.facility_id, *covers})
    book = playbook()
    board = Board(tx.today, book.roles, leads={lead.lead_id: lead for lead in of_accounts})
    await decide(tx, board, book, after("touch"))


async def follow_clients(tx: Tx, facility_ids: Collection[str]) -> None:
    """Close the leads that accounts had as prospects, and end their enrollments, since they are clients now (R45)."""
    book = playbook()
    board = await boards.of_accounts(tx, book, facility_ids)
    ends = withdraw(facility_ids, ENDS["won"])
    await decide(tx, board, book, close_leads, own_leads, ends, end_account_tasks)
