"""Which steps of an enrollment are left, and on which day may each be done?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.sequencer.domain import pack
from services.sequencer.domain.calendar import Holidays, next_business_day, roll
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Step
from services.sequencer.domain.reach import Contact, People, recipient
from services.sequencer.domain.tasks import RESEARCH, Task


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that is done today. Without a person who can be reached, it is recorded as skipped (R189)."""

    step: Step
    person: Contact | None


def first_day(enrollment: Enrollment, sequence: pack.Sequence) -> date:
    """Day 1 of the sequence, as if an enrollment that started in mid-sequence had begun with step 1."""
    skipped = next((step.day for step in sequence.steps if step.n == enrollment.from_step), 1) - 1
    return enrollment.day_one - timedelta(days=skipped)


def planned_on(step: Step, day_one: date, closed: Holidays) -> date:
    """The day of a step, moved to a business day (R35)."""
    return roll(day_one + timedelta(days=step.day - 1), closed)


def earliest(tasks: Iterable[Task], closed: Holidays) -> date:
    """The earliest day of the next step: the business day after the previous step ended (K17).

    The same applies after a skipped step: the plan of its day is already made, so a task for that day would appear on
    the next day, and overdue.
    """
    ended = [task.done_on for task in tasks if task.done_on and not task.is_open and task.step_no != RESEARCH]
    return next_business_day(max(ended), closed) if ended else date.min


def steps_to_come(enrollment: Enrollment, sequence: pack.Sequence, tasks: Iterable[Task]) -> list[Step]:
    """The steps that have no task yet."""
    reached = {task.step_no for task in tasks}
    return [step for step in sequence.steps_from(enrollment.from_step) if step.n not in reached]


def steps_ahead(enrollment: Enrollment, sequence: pack.Sequence, tasks: Iterable[Task]) -> list[Step]:
    """The steps that have been neither done nor skipped yet."""
    return steps_to_come(enrollment, sequence, (task for task in tasks if not task.is_open))


def due_steps(
    enrollment: Enrollment,
    sequence: pack.Sequence,
    tasks: Sequence[Task],
    people: People,
    today: date,
    closed: Holidays,
    placed: int | None,
) -> list[DueStep]:
    """The steps to record today: any without a reachable person whose day has come, then the one placed on today.

    `tasks` are all tasks of the enrollment so far; `placed` is the number of the step that the plan has for today.
    """
    if any(task.is_open and task.step_no != RESEARCH for task in tasks):
        return []
    day_one, not_before = first_day(enrollment, sequence), earliest(tasks, closed)
    found: list[DueStep] = []
    for step in steps_to_come(enrollment, sequence, tasks):
        person = recipient(people, step.persona, step.channel, bool(enrollment.chain))
        if person and step.n == placed:
            return [*found, DueStep(step, person)]
        if person or max(planned_on(step, day_one, closed), not_before) > today:
            break
        found.append(DueStep(step, None))
    return found


def follow_up_on(
    enrollment: Enrollment, sequence: pack.Sequence, tasks: Sequence[Task], today: date, closed: Holidays
) -> date | None:
    """The day of the next step (R49), as far as the caps allow; None after the last one."""
    upcoming = next(iter(steps_to_come(enrollment, sequence, tasks)), None)
    if upcoming is None:
        return None
    planned = planned_on(upcoming, first_day(enrollment, sequence), closed)
    return max(planned, earliest(tasks, closed), next_business_day(today, closed))
