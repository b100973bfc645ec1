"""Which step of an enrollment is due, and who is its recipient?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.sequencer.domain import pack
from services.sequencer.domain.calendar import Holidays, next_business_day, roll
from services.sequencer.domain.pack import Step
from services.sequencer.domain.reach import Contact, People, recipient
from services.sequencer.domain.tasks import RESEARCH, Task


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that is due. Without a person who can be reached, it is recorded as skipped (R189)."""

    step: Step
    due_on: date
    person: Contact | None


def planned_on(step: Step, started_on: date, closed: Holidays) -> date:
    """The day of a step, moved to a business day (R35)."""
    return roll(started_on + timedelta(days=step.day - 1), closed)


def earliest(tasks: Iterable[Task], closed: Holidays) -> date:
    """The earliest day of the next step: the business day after the previous step ended (K17).

    The same applies after a skipped step: the plan of its day is already made, so a task for that day would appear on
    the next day, and overdue.
    """
    ended = [task.done_on for task in tasks if task.done_on and not task.is_open and task.step_no != RESEARCH]
    return next_business_day(max(ended), closed) if ended else date.min


def due_steps(
    sequence: pack.Sequence,
    started_on: date,
    tasks: Sequence[Task],
    people: People,
    today: date,
    closed: Holidays,
    chain: bool,
) -> list[DueStep]:
    """The steps to record today: any without a reachable person, then at most one that falls due.

    `tasks` are all tasks of the enrollment so far.
    """
    if any(task.is_open and task.step_no != RESEARCH for task in tasks):
        return []
    reached = {task.step_no for task in tasks}
    not_before = earliest(tasks, closed)
    found: list[DueStep] = []
    for step in sequence.steps:
        if step.n in reached:
            continue
        due_on = max(planned_on(step, started_on, closed), not_before)
        if due_on > today:
            break
        found.append(DueStep(step, due_on, recipient(people, step.persona, step.channel, chain)))
        if found[-1].person:
            break
    return found


def steps_ahead(sequence: pack.Sequence, tasks: Iterable[Task]) -> list[Step]:
    """The steps that have been neither done nor skipped yet."""
    ended = {task.step_no for task in tasks if not task.is_open}
    return [step for step in sequence.steps if step.n not in ended]


def follow_up_on(
    sequence: pack.Sequence, started_on: date, tasks: Sequence[Task], today: date, closed: Holidays
) -> date | None:
    """The day of the next step (R49); None after the last one."""
    reached = {task.step_no for task in tasks}
    upcoming = next((step for step in sequence.steps if step.n not in reached), None)
    if upcoming is None:
        return None
    return max(planned_on(upcoming, started_on, closed), earliest(tasks, closed), next_business_day(today, closed))
