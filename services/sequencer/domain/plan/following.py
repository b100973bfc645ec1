"""How do suppressions and corrections of contacts change open enrollments and tasks?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import name_key
from services.sequencer.domain.due import follow_up_on, steps_ahead
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.account_tasks import follow_account_tasks
from services.sequencer.domain.plan.briefing import Briefing, brief, task_of
from services.sequencer.domain.plan.ending import end
from services.sequencer.domain.plan.research import research_step, research_task
from services.sequencer.domain.reach import Gate, recipient, why_no_recipient, why_unreachable
from services.sequencer.domain.roles import ContactRoles
from services.sequencer.domain.sequences import Sequence, Step
from services.sequencer.domain.suppression import closed_place, place_stops
from services.sequencer.domain.tasks import RESEARCH, Task, ended


def follow_contacts(board: Board, book: Playbook) -> Board:
    """Apply the current suppressions and contacts to open enrollments and tasks. Repeating it changes nothing."""
    return follow_account_tasks(_follow_tasks(_follow_enrollments(board, book), book), book)


def _follow_enrollments(board: Board, book: Playbook) -> Board:
    """End enrollments without a reachable person; the others stop covering suppressed facilities."""
    tasks = board.tasks_by_enrollment()
    reasons: dict[UUID, str] = {}
    narrowed: list[Enrollment] = []
    for each, sequence in _followed(board, book):
        ahead = steps_ahead(each, sequence, tasks[each.enrollment_id])
        covers = [key for key in each.covers if not _closed(board, key)]
        if reason := _closed(board, each.facility_id) or _why_unreachable(board, each, ahead, _gate(book, each)):
            reasons[each.enrollment_id] = reason
        elif covers != each.covers:
            narrowed.append(replace(each, covers=covers))
    return end(board.having(enrollments=narrowed), reasons)


def _follow_tasks(board: Board, book: Playbook) -> Board:
    """Skip open tasks without a reachable person; the others address the person who has the role now."""
    tasks = board.tasks_by_enrollment()
    followed = [
        _followed_task(task, sequence, brief(board, book, each), board.today)
        for each, sequence in _followed(board, book)
        for task in tasks[each.enrollment_id]
        if task.is_open
    ]
    skipped = {task.enrollment_id for task in followed if task.status == "skipped" and task.enrollment_id}
    return _expect_next(board.having(tasks=followed), book, skipped)


def _followed(board: Board, book: Playbook) -> list[tuple[Enrollment, Sequence]]:
    return [(each, sequence) for each in board.open if (sequence := board.sequence(each, book))]


def _closed(board: Board, facility_id: str) -> str | None:
    return closed_place(facility_id, board.accounts[facility_id].chain, board.suppressions)


def _gate(book: Playbook, enrollment: Enrollment) -> Gate | None:
    rule = book.capacity.tiers.get(enrollment.tier)
    return rule.gate if rule else None


def _why_unreachable(board: Board, enrollment: Enrollment, ahead: Iterable[Step], gate: Gate | None) -> str | None:
    chain = board.accounts[enrollment.facility_id].chain
    stops = place_stops(enrollment.facility_id, chain, board.suppressions)
    blocked = enrollment.status == "blocked" and gate == "call"
    return why_unreachable(board.people(enrollment), stops, ahead, blocked, bool(enrollment.chain))


def _followed_task(task: Task, sequence: Sequence, briefing: Briefing, today: date) -> Task:
    steps = sequence.steps_from(briefing.enrollment.from_step)
    step = _step(task, steps, briefing.people.roles)
    current = _current(task, step, briefing)
    stopped = _stopped(task, briefing)
    if stopped or current is None:
        why = stopped or why_no_recipient(briefing.people, step.persona, step.channel, briefing.is_chain)
        return ended(task, "skipped", why, today)
    if current.digest == task.digest:
        return task
    changed = replace(task, version=task.version + 1, persona=current.persona, person=current.person)
    return replace(changed, reason=current.reason, digest=current.digest)


def _step(task: Task, steps: Iterable[Step], roles: ContactRoles) -> Step:
    """The step of a task, from the pack, or from the task if the pack no longer has it."""
    if task.step_no == RESEARCH:
        return research_step(roles)
    previous = Step(task.step_no, task.channel, task.persona, task.template, day=1)
    return next((step for step in steps if (step.n, step.channel) == (task.step_no, task.channel)), previous)


def _stopped(task: Task, briefing: Briefing) -> str | None:
    """Why the person of a task is suppressed; None if another person has the role now."""
    incumbent = briefing.people.get(task.persona)
    if task.step_no == RESEARCH or not incumbent or not task.person:
        return None
    same = name_key(incumbent.name) == name_key(task.person["name"])
    return incumbent.stopped.get(task.channel) if same else None


def _current(task: Task, step: Step, briefing: Briefing) -> Task | None:
    """The task with its current recipient and the same place on the worklist; None without a reachable person."""
    if task.step_no == RESEARCH:
        return research_task(briefing, task.due_on)
    person = recipient(briefing.people, step.persona, step.channel, briefing.is_chain)
    return task_of(briefing, step, task.due_on, person, task.reason) if person else None


def _expect_next(board: Board, book: Playbook, enrollment_ids: Iterable[UUID]) -> Board:
    """Set the next follow-up of enrollments whose task was skipped."""
    tasks = board.tasks_by_enrollment()
    started = [each for key in enrollment_ids if (each := board.enrollments[key]).started_on]
    return board.expecting(
        {
            each.facility_id: follow_up_on(each, sequence, tasks[each.enrollment_id], board.today, book.closed)
            for each in started
            if (sequence := board.sequence(each, book))
        }
    )
