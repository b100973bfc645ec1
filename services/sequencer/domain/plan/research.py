"""Which research does a blocked enrollment need?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import business_days_after
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.identity import task_id
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import Briefing, brief, main_phone, task_of
from services.sequencer.domain.reach import research_request, research_role
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.sequences import Step
from services.sequencer.domain.tasks import RESEARCH, Task


def research_step(roles: ContactRoles) -> Step:
    return Step(RESEARCH, "research", roles.first, day=1)


def ask_for_research(board: Board, book: Playbook, workers: Mapping[UUID, str]) -> Board:
    """Create the task of step 0 of blocked enrollments: find a person, by calling the main number (R47)."""
    tasks: list[Task] = []
    for key, rep in workers.items():
        previous = board.tasks.get(task_id(key, RESEARCH))
        asked = research_task(brief(board, book, board.enrollments[key]), board.today)
        tasks.append(replace(asked, rep=rep, version=previous.version + 1 if previous else 1))
    return board.having(tasks=tasks)


def asks_on(board: Board, book: Playbook, enrollment: Enrollment) -> date | None:
    """The day on which research is asked for; None while it is under way.

    Unsuccessful research is repeated after some days, or at once at another facility.
    """
    previous = board.tasks.get(task_id(enrollment.enrollment_id, RESEARCH))
    if previous is None or previous.facility_id != enrollment.facility_id:
        return board.today
    return again_on(enrollment, previous.done_on, book) if previous.done_on and not previous.is_open else None


def research_task(briefing: Briefing, due_on: date) -> Task:
    people, account = briefing.people, briefing.account
    request = research_request(briefing.enrollment.chain, people, main_phone(account), briefing.gate)
    person = briefing.people.get(research_role(briefing.people))
    return task_of(briefing, research_step(briefing.people.roles), due_on, person, f"{request}. {briefing.why}")


def again_on(enrollment: Enrollment, done_on: date, book: Playbook) -> date:
    """The day on which unsuccessful research is due again."""
    return business_days_after(done_on, book.rule(enrollment.tier).ask_again_after, book.closed)
