"""Which enrollments wait, and which go on?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.sequencer.domain import sequences
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import Holidays
from services.sequencer.domain.due import earliest, follow_up_on, not_before, steps_to_come
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.tasks import BY, RESEARCH, Task, moved


def pause(facility_id: str, until: date, reason: str) -> Decision:
    """The decision that lets the enrollments of an account wait; those that only cover it go on."""

    def decide(board: Board, book: Playbook) -> Board:
        own = (each for each in board.open if each.facility_id == facility_id and each.status in ("active", "paused"))
        return board.having(enrollments=(paused(each, board.today, until, reason) for each in own))

    return decide


def paused(each: Enrollment, today: date, until: date, reason: str) -> Enrollment:
    """A pause that goes on keeps its first day."""
    paused_on = each.paused_on or today
    return replace(each, status="paused", paused_on=paused_on, resume_on=until, reason=reason, absent=None)


def pause_all(board: Board, each: Iterable[Enrollment], until: date, reason: str) -> Board:
    """Let enrollments wait until a day, with the steps of them that are on a worklist."""
    waiting = {one.enrollment_id: paused(one, board.today, until, reason) for one in each}
    tasks = (task for task in board.tasks.values() if task.enrollment_id in waiting and _is_step(task))
    return board.having(
        enrollments=waiting.values(), tasks=(_waiting(task, until, reason, board.today) for task in tasks)
    )


def pause_steps(facility_id: str, until: date, reason: str) -> Decision:
    """The decision that lets the enrollments of an account wait, with their steps that are on a worklist."""

    def decide(board: Board, book: Playbook) -> Board:
        own = [each for each in (*board.active, *board.paused) if each.facility_id == facility_id]
        return pause_all(board, own, until, reason)

    return decide


def pause_one(enrollment_id: UUID, until: date, reason: str) -> Decision:
    """The decision that lets one enrollment wait, with its step that is on a worklist."""

    def decide(board: Board, book: Playbook) -> Board:
        return _expecting(pause_all(board, [board.enrollments[enrollment_id]], until, reason), book, enrollment_id)

    return decide


def resume_one(enrollment_id: UUID, following: date) -> Decision:
    """The decision that lets one enrollment go on today; its step that waited is due on the following day."""

    def decide(board: Board, book: Playbook) -> Board:
        tasks = board.tasks_by_enrollment()[enrollment_id]
        going = _resumed(board, book, tasks, board.enrollments[enrollment_id])
        waiting = [task for task in tasks if _is_step(task) and task.due_on > following]
        moved_up = [_waiting(task, following, "The sequence goes on.", board.today) for task in waiting]
        return _expecting(board.having(enrollments=[going], tasks=moved_up), book, enrollment_id)

    return decide


def _resumed(board: Board, book: Playbook, tasks: Sequence[Task], each: Enrollment) -> Enrollment:
    going = shifted(each, board.today, board.sequence(each, book), tasks, book.closed)
    return replace(going, status="active", paused_on=None, resume_on=None, absent=None, reason=None)


def next_day(board: Board, book: Playbook, each: Enrollment) -> date | None:
    """The first day of the next touch of an enrollment, as far as the caps allow; None after the last one."""
    tasks, sequence = board.tasks_by_enrollment()[each.enrollment_id], board.sequence(each, book)
    opened = [task.due_on for task in tasks if _is_step(task)]
    if opened or sequence is None:
        return min(opened, default=None)
    going = shifted(each, each.resume_on, sequence, tasks, book.closed) if each.resume_on else each
    return follow_up_on(going, sequence, tasks, board.today, book.closed)


def _expecting(board: Board, book: Playbook, enrollment_id: UUID) -> Board:
    each = board.enrollments[enrollment_id]
    return board.expecting({each.facility_id: next_day(board, book, each)})


def _is_step(task: Task) -> bool:
    return task.is_open and task.step_no != RESEARCH


def _waiting(task: Task, until: date, reason: str, today: date) -> Task:
    return replace(moved(task, until, reason, BY, today), planned_on=until)


def resume(board: Board, book: Playbook) -> Board:
    """Go on with enrollments whose pause is over; what is left of them is as far apart as before the pause."""
    tasks = board.tasks_by_enrollment()
    over = [each for each in board.paused if each.paused_on and each.resume_on and each.resume_on <= board.today]
    return board.having(enrollments=(_resumed(board, book, tasks[each.enrollment_id], each) for each in over))


def shifted(
    each: Enrollment, until: date, sequence: sequences.Sequence | None, tasks: Sequence[Task], closed: Holidays
) -> Enrollment:
    """A paused enrollment whose steps are later by the pause.

    A step that waits for some days after the one before it, which was late, keeps what is left of its wait.
    """
    paused = (until - each.paused_on).days if each.paused_on else 0
    going = replace(each, shifted_days=each.shifted_days + paused)
    upcoming = next(iter(steps_to_come(each, sequence, tasks)), None) if sequence else None
    if sequence is None or upcoming is None or upcoming.after is None:
        return going
    ready = earliest(tasks, sequence.waits_of(upcoming), closed)
    return not_before(going, sequence, upcoming, ready + timedelta(days=paused), closed)
