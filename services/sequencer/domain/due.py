"""Which steps of an enrollment are left, and on which day may each be done?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engines.cadence.horizon import Wait
from services.sequencer.domain import sequences
from services.sequencer.domain.calendar import Holidays, after, business_days_after, next_business_day
from services.sequencer.domain.conditions import Facts, addressee, why_not
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.sequences import Step
from services.sequencer.domain.tasks import RESEARCH, Task


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that is done today. One that cannot be done is recorded as skipped, with the reason (R189)."""

    step: Step
    person: Contact | None
    why_not: str | None = None


def planned_on(enrollment: Enrollment, sequence: sequences.Sequence, step: Step, closed: Holidays) -> date:
    """The day that the sequence has for a step, moved to a business day (R35)."""
    return after(enrollment.day_one, sequence.at(step, enrollment.from_step), closed)


def days_of(
    day_one: date, first: int, sequence: sequences.Sequence, steps: Iterable[Step], closed: Holidays
) -> list[date]:
    """The days of steps if each is done on its day, in an enrollment that began on a day with the step `first`."""
    found: list[date] = []
    for step in steps:
        on = after(day_one, sequence.at(step, first), closed)
        found.append(max(on, following(found[-1], sequence.waits_of(step), closed)) if found else on)
    return found


def not_before(each: Enrollment, sequence: sequences.Sequence, step: Step, day: date, closed: Holidays) -> Enrollment:
    """The enrollment, whose steps are later by as many days as this one needs in order not to come before a day."""
    late = (day - planned_on(each, sequence, step, closed)).days
    each = replace(each, shifted_days=each.shifted_days + max(late, 0))
    while planned_on(each, sequence, step, closed) < day:
        each = replace(each, shifted_days=each.shifted_days + 1)
    return each


def earliest(tasks: Iterable[Task], waits: Iterable[Wait], closed: Holidays) -> date:
    """The earliest day of the next step: so long after the previous step ended, and on a later business day (K17).

    The same applies after a skipped step: the plan of its day is already made, so a task for that day would appear on
    the next day, and overdue.
    """
    ended = [task.done_on for task in tasks if task.done_on and not task.is_open and task.step_no != RESEARCH]
    return following(max(ended), waits, closed) if ended else date.min


def following(before: date, waits: Iterable[Wait], closed: Holidays) -> date:
    """The first day of a step that waits so long after the one before it, and at least until the next business day."""
    on = before
    for wait in waits:
        on = after(on, wait, closed)
    return max(on, business_days_after(before, 1, closed))


def steps_to_come(enrollment: Enrollment, sequence: sequences.Sequence, tasks: Iterable[Task]) -> list[Step]:
    """The steps that have no task yet."""
    reached = {task.step_no for task in tasks}
    return [step for step in sequence.steps_from(enrollment.from_step) if step.n not in reached]


def steps_ahead(enrollment: Enrollment, sequence: sequences.Sequence, tasks: Iterable[Task]) -> list[Step]:
    """The steps that have been neither done nor skipped yet."""
    return steps_to_come(enrollment, sequence, (task for task in tasks if not task.is_open))


def due_steps(
    enrollment: Enrollment,
    sequence: sequences.Sequence,
    facts: Facts,
    today: date,
    closed: Holidays,
    placed: int | None,
) -> list[DueStep]:
    """The steps to record today: any that cannot be done and whose day has come, then the one placed on today.

    `facts` has all tasks of the enrollment so far; `placed` is the number of the step that the plan has for today.
    """
    if any(task.is_open and task.step_no != RESEARCH for task in facts.tasks):
        return []
    found: list[DueStep] = []
    waited: tuple[Wait, ...] = ()
    for step in steps_to_come(enrollment, sequence, facts.tasks):
        if person := addressee(step, facts):
            return [*found, DueStep(step, person)] if step.n == placed else found
        waited = (*waited, *sequence.waits_of(step))
        if max(planned_on(enrollment, sequence, step, closed), earliest(facts.tasks, waited, closed)) > today:
            break
        found.append(DueStep(step, None, why_not(step, facts)))
    return found


def next_on(
    enrollment: Enrollment, sequence: sequences.Sequence, tasks: Sequence[Task], closed: Holidays
) -> date | None:
    """The first day of the next step; None after the last one."""
    upcoming = next(iter(steps_to_come(enrollment, sequence, tasks)), None)
    if upcoming is None:
        return None
    planned = planned_on(enrollment, sequence, upcoming, closed)
    return max(planned, earliest(tasks, sequence.waits_of(upcoming), closed))


def follow_up_on(
    enrollment: Enrollment, sequence: sequences.Sequence, tasks: Sequence[Task], today: date, closed: Holidays
) -> date | None:
    """The day of the next step (R49), as far as the caps allow; None after the last one."""
    upcoming = next_on(enrollment, sequence, tasks, closed)
    return upcoming and max(upcoming, next_business_day(today, closed))
