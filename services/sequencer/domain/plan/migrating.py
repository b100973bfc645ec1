"""How does a running enrollment go on in another version of its sequence?

It keeps its day 1 and its numbers: after step 4 comes step 5. If the steps that are done differ, it goes on with the
first step that is later than the last one was. Its further steps are as far apart as the new version has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.sequencer.domain import sequences
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import Holidays, next_business_day
from services.sequencer.domain.due import days_of, following, not_before, planned_on
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import brief, task_of
from services.sequencer.domain.plan.pausing import shifted
from services.sequencer.domain.sequences import Step, calendar_days
from services.sequencer.domain.tasks import Task, ended

PASSED = "Its day had passed when the enrollment went on in another version of the sequence."


@dataclass(frozen=True, slots=True)
class Move:
    """An enrollment in its new version, with the steps that are skipped; or why it goes on as it is."""

    before: Enrollment
    at_step: int
    """The last step that was begun; 0 before the first one."""
    after: Enrollment | None = None
    steps: tuple[Step, ...] = ()
    """The steps that are left in the new version."""
    passed: tuple[Step, ...] = ()
    days: tuple[date, ...] = ()
    """The days of the steps that are left, as far as the caps allow."""
    why_not: str | None = None


def moves(board: Board, book: Playbook, name: str, facility_id: str | None = None) -> list[Move]:
    """The running enrollments with an older version of a sequence of the pack, of all facilities or one."""
    tasks, sequence = board.tasks_by_enrollment(), book.sequences[name]
    version = sequence.version
    older = [each for each in (*board.active, *board.paused) if each.sequence == name]
    return [
        _move(board, book, each, sequence, tasks[each.enrollment_id])
        for each in older
        if each.sequence_version != version and facility_id in (None, each.facility_id)
    ]


def migrate(found: Sequence[Move]) -> Decision:
    """The decision that lets these enrollments go on in the new version."""

    def migrated(board: Board, book: Playbook) -> Board:
        going = [(move, move.after) for move in found if move.after]
        passed = [
            ended(task_of(brief(board, book, after), step, board.today, None, PASSED), "skipped", PASSED, board.today)
            for move, after in going
            for step in move.passed
        ]
        board = board.having(enrollments=(after for _, after in going), tasks=passed)
        return board.expecting({after.facility_id: move.days[0] for move, after in going})

    return migrated


def _move(board: Board, book: Playbook, each: Enrollment, new: sequences.Sequence, tasks: Sequence[Task]) -> Move:
    begun = [task for task in tasks if task.kind == "step"]
    at = max((task.step_no for task in begun), default=each.from_step - 1)
    old = board.sequence(each, book) or new
    first = _next(old, new, at)
    if first is None:
        return Move(each, at, why_not="The new version has no later step; it ends with the steps that it has.")
    if first <= at:
        return Move(each, at, why_not=f"It would go on at step {first}, and has done step {at} already.")
    passed, steps = new.steps[at : first - 1], new.steps[first - 1 :]
    last = max((_ends_on(task, board.today) for task in begun), default=None)
    ready = _ready(each, new, steps[0], last, bool(passed), board.today, book.closed)
    after = not_before(replace(each, sequence_version=new.version), new, steps[0], ready, book.closed)
    return Move(each, at, after, steps, passed, tuple(_days(after, new, steps, book.closed)))


def _next(old: sequences.Sequence, new: sequences.Sequence, at: int) -> int | None:
    """The number of the step of the new version that follows the step `at` of the old one."""
    pairs = list(zip(old.steps[:at], new.steps[:at], strict=False))
    if len(pairs) == at and all((a.channel, a.persona) == (b.channel, b.persona) for a, b in pairs):
        return at + 1 if at < len(new.steps) else None
    day = calendar_days(old.times[min(at, len(old.times)) - 1])
    return next((step.n for step in new.steps if calendar_days(new.times[step.n - 1]) > day), None)


def _ends_on(task: Task, today: date) -> date:
    """The day of a touch; an open one is not done before today."""
    return max(task.due_on, today) if task.is_open else task.done_on or today


def _ready(
    each: Enrollment,
    new: sequences.Sequence,
    step: Step,
    last: date | None,
    passed: bool,
    today: date,
    closed: Holidays,
) -> date:
    """The first day of the next step: neither past, nor closer to the last touch than the new version has it."""
    ready = each.paused_on or next_business_day(today, closed)
    if last and step.n > 1:
        from_last = replace(each, started_on=last, shifted_days=0, from_step=step.n - 1)
        ready = max(ready, planned_on(from_last, new, step, closed), following(last, new.waits_of(step), closed))
    return max(ready, following(today, new.waits_of(step), closed)) if passed else ready


def _days(each: Enrollment, new: sequences.Sequence, steps: Sequence[Step], closed: Holidays) -> list[date]:
    if each.paused_on and each.resume_on:
        each = shifted(each, each.resume_on, None, (), closed)
    return days_of(each.day_one, each.from_step, new, steps, closed)
