"""What do do-not-contact and corrections of contacts mean for what is under way?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import name_key
from services.sequencer.domain.due import follow_up_on, steps_ahead
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook, Step
from services.sequencer.domain.plan.briefing import Briefing, brief, task_of
from services.sequencer.domain.plan.ending import end
from services.sequencer.domain.plan.research import research_step, research_task
from services.sequencer.domain.reach import barred, recipient, unreachable
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.suppression import closed_place, place_stops
from services.sequencer.domain.tasks import RESEARCH, Task, ended


def follow_contacts(board: Board, book: Playbook) -> Board:
    """Bring open enrollments and tasks into line with who may be contacted, and with what is known of them now.

    Harmless twice.
    """
    return _follow_tasks(_follow_enrollments(board, book), book)


def _follow_enrollments(board: Board, book: Playbook) -> Board:
    """End those that can reach nobody any more; the others stop covering facilities that are not to be contacted."""
    tasks = board.tasks_by_enrollment()
    reasons: dict[UUID, str] = {}
    narrowed: list[Enrollment] = []
    for each in _followed(board, book):
        ahead = steps_ahead(book.sequences[each.sequence], tasks[each.enrollment_id])
        covers = [key for key in each.covers if not _closed(board, key)]
        if reason := _closed(board, each.facility_id) or _barred(board, each, ahead):
            reasons[each.enrollment_id] = reason
        elif covers != each.covers:
            narrowed.append(replace(each, covers=covers))
    return end(board.having(enrollments=narrowed), reasons)


def _follow_tasks(board: Board, book: Playbook) -> Board:
    """Skip the open tasks that reach nobody any more; let the others be for whoever is right for them now."""
    tasks = board.tasks_by_enrollment()
    followed = [
        _followed_task(task, book, brief(board, book, each), board.today)
        for each in _followed(board, book)
        for task in tasks[each.enrollment_id]
        if task.status == "due"
    ]
    skipped = {task.enrollment_id for task in followed if task.status == "skipped"}
    return _expect_next(board.having(tasks=followed), book, skipped)


def _followed(board: Board, book: Playbook) -> list[Enrollment]:
    return [each for each in board.open if each.sequence in book.sequences]


def _closed(board: Board, facility_id: str) -> str | None:
    return closed_place(facility_id, board.accounts[facility_id].chain, board.suppressions)


def _barred(board: Board, enrollment: Enrollment, ahead: Iterable[Step]) -> str | None:
    chain = board.accounts[enrollment.facility_id].chain
    stops = place_stops(enrollment.facility_id, chain, board.suppressions)
    blocked = enrollment.status == "blocked"
    return barred(board.people(enrollment), stops, ahead, blocked, bool(enrollment.chain))


def _followed_task(task: Task, book: Playbook, briefing: Briefing, today: date) -> Task:
    step = _step(task, book.sequences[briefing.enrollment.sequence].steps, book.roles)
    now = _as_known_now(task, step, briefing)
    stopped = _stopped(task, briefing)
    if stopped or now is None:
        why = stopped or unreachable(briefing.people, step.persona, step.channel, briefing.is_chain)
        return ended(task, "skipped", why, today)
    if now.digest == task.digest:
        return task
    news = replace(task, version=task.version + 1, persona=now.persona, person=now.person)
    return replace(news, reason=now.reason, digest=now.digest)


def _step(task: Task, steps: Iterable[Step], roles: ContactRoles) -> Step:
    """The step of a task; where the pack has it no longer, as the task itself has it."""
    if task.step_no == RESEARCH:
        return research_step(roles)
    as_it_was = Step(task.step_no, 1, task.channel, task.persona, task.template)
    return next((step for step in steps if (step.n, step.channel) == (task.step_no, task.channel)), as_it_was)


def _stopped(task: Task, briefing: Briefing) -> str | None:
    """Why the person of a task is not to be contacted; who has the role by now is another matter."""
    incumbent = briefing.people.get(task.persona)
    if task.step_no == RESEARCH or not incumbent or not task.person:
        return None
    same = name_key(incumbent.name) == name_key(task.person["name"])
    return incumbent.stopped.get(task.channel) if same else None


def _as_known_now(task: Task, step: Step, briefing: Briefing) -> Task | None:
    """A task that is for whom its step is for today; None where nobody can be reached. Its place stays what it was."""
    if task.step_no == RESEARCH:
        return research_task(briefing, task.due_on)
    person = recipient(briefing.people, step.persona, step.channel, briefing.is_chain)
    return task_of(briefing, step, task.due_on, person, task.reason) if person else None


def _expect_next(board: Board, book: Playbook, enrollment_ids: Iterable[UUID]) -> Board:
    """When the enrollments whose task was skipped are expected to go on."""
    tasks = board.tasks_by_enrollment()
    started = [(each, each.started_on) for each in map(board.enrollments.__getitem__, enrollment_ids)]
    return board.expecting(
        {
            each.facility_id: follow_up_on(
                book.sequences[each.sequence], on, tasks[each.enrollment_id], board.today, book.closed
            )
            for each, on in started
            if on
        }
    )
