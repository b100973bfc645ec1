"""Which touch of a run is due, and for whom?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.sequencer.domain.calendar import Holidays, next_business_day, roll
from services.sequencer.domain.pack import Sequence, Step
from services.sequencer.domain.reach import Contact, People, whom


@dataclass(frozen=True, slots=True)
class Past:
    """A step that a run has reached."""

    step_no: int
    status: Literal["due", "done", "skipped"]
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A step whose day has come. Without a person nobody can be reached: it is recorded as skipped (R189)."""

    step: Step
    due_on: date
    person: Contact | None


def planned_on(step: Step, started_on: date, closed: Holidays) -> date:
    """The day of a run, rolled to a business day (R35)."""
    return roll(started_on + timedelta(days=step.day - 1), closed)


def earliest(past: Iterable[Past], closed: Holidays) -> date:
    """When the next step may fall due: on a business day after the one on which the step ahead of it ended (K17).

    That holds for a skipped step too. The plan of its day is over by then, and a touch that nobody could see on that
    day would be overdue when it is seen first.
    """
    ended = [each.done_on for each in past if each.done_on and each.step_no > 0]
    return next_business_day(max(ended), closed) if ended else date.min


def offers(
    sequence: Sequence, started_on: date, past: list[Past], people: People, today: date, closed: Holidays, chain: bool
) -> list[Offer]:
    """The steps to record today: any that nobody can be reached for, then at most one that falls due."""
    if any(each.status == "due" and each.step_no > 0 for each in past):
        return []
    reached = {each.step_no for each in past}
    not_before = earliest(past, closed)
    found: list[Offer] = []
    for step in sequence.steps:
        if step.n in reached:
            continue
        due_on = max(planned_on(step, started_on, closed), not_before)
        if due_on > today:
            break
        found.append(Offer(step, due_on, whom(people, step.persona, step.channel, chain)))
        if found[-1].person:
            break
    return found


def is_complete(sequence: Sequence, past: Iterable[Past]) -> bool:
    """Whether every step was done or skipped."""
    ended = {each.step_no for each in past if each.status != "due"}
    return all(step.n in ended for step in sequence.steps)


def follow_up_on(sequence: Sequence, started_on: date, past: list[Past], today: date, closed: Holidays) -> date | None:
    """When the step after those that ended is expected (R49); None after the last one."""
    reached = {each.step_no for each in past}
    upcoming = next((step for step in sequence.steps if step.n not in reached), None)
    if upcoming is None:
        return None
    return max(planned_on(upcoming, started_on, closed), earliest(past, closed), next_business_day(today, closed))
