"""Which research does a blocked enrollment need?"""

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
    """Create the task of step 0: find a person to call, by calling the main number (R47).

    Unsuccessful research is repeated after some days, or at once at another facility.
    """
    tasks: list[Task] = []
    for each in (each for each in blocked if board.team.doer(each.owner, board.today)):
        previous = board.tasks.get(task_id(each.enrollment_id, RESEARCH))
        if _may_ask(each, previous, book, board.today):
            tasks.append(_repeated(previous, research_task(brief(board, book, each), board.today)))
    return board.having(tasks=tasks).expecting({task.facility_id: task.due_on for task in tasks})


def research_task(briefing: Briefing, due_on: date) -> Task:
    request = research_request(briefing.enrollment.chain, briefing.people, main_phone(briefing.account))
    person = briefing.people.get(research_role(briefing.people))
    return task_of(briefing, research_step(briefing.people.roles), due_on, person, f"{request}. {briefing.why}")


def again_on(enrollment: Enrollment, done_on: date, book: Playbook) -> date:
    """The day on which unsuccessful research is due again."""
    return business_days_after(done_on, book.rule(enrollment.tier).ask_again_after, book.closed)


def _may_ask(enrollment: Enrollment, previous: Task | None, book: Playbook, today: date) -> bool:
    if previous is None or previous.facility_id != enrollment.facility_id:
        return True
    return (
        not previous.is_open and previous.done_on is not None and today >= again_on(enrollment, previous.done_on, book)
    )


def _repeated(previous: Task | None, task: Task) -> Task:
    """The task with the next version, because repeated research stays one task of its enrollment."""
    return replace(task, version=previous.version + 1) if previous else task
