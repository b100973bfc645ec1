"""Why does a day have no tasks?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.sequencer.domain.calendar import SATURDAY, Holidays, holiday_on, is_business_day

Kind = Literal[
    "no_facilities",
    "all_done",
    "weekend",
    "holiday",
    "to_come",
    "away",
    "no_prospects",
    "not_planned",
    "no_accounts",
    "others_only",
    "no_step",
]


@dataclass(frozen=True, slots=True)
class Day:
    """The state of a day, and of the accounts of one rep or of all."""

    on: date
    today: date
    planned: bool
    """Whether the plan of this day was made."""
    facilities: int
    prospects: int
    """Facilities of a worked tier that are not clients."""
    accounts: int
    """Facilities that the rep owns."""
    active: int
    blocked: int
    ended: int
    """Tasks that were done or skipped on this day."""
    others: int
    """Tasks that are due for other reps."""
    away_until: date | None = None
    """The last day of the leave of the rep, if the rep is away."""
    doer: str | None = None
    """Who does the tasks of the rep; None if they wait."""


@dataclass(frozen=True, slots=True)
class Why:
    """A keyword for programs, and a sentence for people."""

    kind: Kind
    text: str


def why_empty(day: Day, rep: str | None, closed: Holidays, plan_at: str) -> Why:
    """The first reason that applies."""
    of_rep = f" for {rep}" if rep else ""
    if not day.facilities:
        return Why("no_facilities", "There are no facilities yet: import them with `pipeline import facilities FILE`.")
    if day.away_until and day.on <= day.today and is_business_day(day.on, closed):
        meanwhile = f"{day.doer} does the tasks" if day.doer else "the tasks wait"
        return Why("away", f"{rep} is away until {day.away_until}; {meanwhile}.")
    if day.ended:
        tasks = "The task" if day.ended == 1 else f"All {day.ended} tasks"
        return Why("all_done", f"{tasks} of the day{of_rep} {'is' if day.ended == 1 else 'are'} done or skipped.")
    if not is_business_day(day.on, closed):
        return _closed(day.on, closed)
    if day.on > day.today:
        return Why("to_come", f"{day.on} is in the future; a day is planned at {plan_at}.")
    if not day.prospects and not day.active + day.blocked:
        return Why(
            "no_prospects",
            "No facility is in a worked tier. Tiers are calibrated at night, or now by `pipeline calibrate`;"
            " `pipeline why FACILITY` shows what a facility lacks.",
        )
    if not day.planned:
        return Why(
            "not_planned",
            f"{day.on} is not planned yet: business days are planned at {plan_at};"
            " `pipeline run sequencer plan` plans it now.",
        )
    if rep and not day.accounts:
        return Why("no_accounts", f"{rep} owns no account.")
    if rep and day.others:
        return Why("others_only", f"Nothing is due for {rep}; {day.others} tasks are due for others.")
    return Why(
        "no_step",
        f"No step is due{of_rep}: {day.active} enrollments are active, {day.blocked} wait for a person to call.",
    )


def _closed(day: date, closed: Holidays) -> Why:
    if day.weekday() >= SATURDAY:
        return Why("weekend", f"{day} is a {day:%A}; tasks fall due on business days.")
    return Why("holiday", f"{day} is a holiday, {holiday_on(day, closed)}; tasks fall due on business days.")
