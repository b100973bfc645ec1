"""What is asked of a rep while the gate holds an enrollment back?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import business_days_after
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.identity import task_id
from services.sequencer.domain.pack import Playbook, Step
from services.sequencer.domain.plan.briefing import Briefing, brief, main_phone, task_of
from services.sequencer.domain.reach import research_request, research_role
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.tasks import RESEARCH, Task


def research_step(roles: ContactRoles) -> Step:
    return Step(n=RESEARCH, day=1, channel="research", persona=roles.first)


def ask_for_research(board: Board, book: Playbook, blocked: Iterable[Enrollment]) -> Board:
    """Put step 0 on the worklist: find somebody to call, with the main number to ask at (R47).

    A blocked enrollment asks again some days after it was tried in vain, and at once at another facility.
    """
    tasks: list[Task] = []
    for each in blocked:
        tried = board.tasks.get(task_id(each.enrollment_id, RESEARCH))
        if _may_ask(each, tried, book, board.today):
            tasks.append(_asked(tried, research_task(brief(board, book, each), board.today)))
    return board.having(tasks=tasks).expecting({task.facility_id: task.due_on for task in tasks})


def research_task(briefing: Briefing, due_on: date) -> Task:
    asked = research_request(briefing.enrollment.chain, briefing.people, main_phone(briefing.account))
    person = briefing.people.get(research_role(briefing.people))
    return task_of(briefing, research_step(briefing.people.roles), due_on, person, f"{asked}. {briefing.why}")


def again_on(enrollment: Enrollment, done_on: date, book: Playbook) -> date:
    """When research that was tried on a day is due again."""
    return business_days_after(done_on, book.rule(enrollment.tier).ask_again_after, book.closed)


def _may_ask(enrollment: Enrollment, tried: Task | None, book: Playbook, today: date) -> bool:
    if tried is None or tried.facility_id != enrollment.facility_id:
        return True
    return tried.done_on is not None and today >= again_on(enrollment, tried.done_on, book)


def _asked(tried: Task | None, task: Task) -> Task:
    """Research that is asked for once more stays one task of its enrollment."""
    return replace(task, rep=tried.rep, version=tried.version + 1) if tried else task
