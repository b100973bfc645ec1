"""Which tasks fall due today?"""

from __future__ import annotations

from datetime import date

from services.sequencer.domain.board import Board
from services.sequencer.domain.due import DueStep, due_steps
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import Briefing, brief, task_of
from services.sequencer.domain.reach import why_no_recipient
from services.sequencer.domain.tasks import Task, ended


def offer_tasks(board: Board, book: Playbook) -> Board:
    """Create the task of the next step of each active enrollment once it is due (R36)."""
    tasks = board.tasks_by_enrollment()
    offered = [
        _task(briefing, due, board.today)
        for each in board.active
        if board.team.doer(each.owner, board.today)
        for briefing in [brief(board, book, each)]
        for due in due_steps(
            book.sequences[each.sequence],
            each.started_on or board.today,
            tasks[each.enrollment_id],
            briefing.people,
            board.today,
            book.closed,
            briefing.is_chain,
        )
    ]
    due_days = {task.facility_id: task.due_on for task in offered if task.status == "due"}
    return board.having(tasks=offered).expecting(due_days)


def _task(briefing: Briefing, due: DueStep, today: date) -> Task:
    if due.person:
        return task_of(briefing, due.step, due.due_on, due.person, briefing.why)
    why_not = why_no_recipient(briefing.people, due.step.persona, due.step.channel, briefing.is_chain)
    return ended(task_of(briefing, due.step, due.due_on, None, why_not), "skipped", why_not, today)
