"""Why is there nothing to do on a day, and when will there be?"""

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
    "no_prospects",
    "not_planned",
    "no_accounts",
    "others_only",
    "no_step",
]


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a day, and of the accounts of a rep or of all."""

    on: date
    today: date
    planned: bool
    """Whether the plan of this day was made, or could have been."""
    facilities: int
    prospects: int
    """Facilities of a tier that is worked, and no clients."""
    accounts: int
    """Facilities that the rep looks after."""
    active: int
    blocked: int
    ended: int
    """Tasks that were done or skipped on it."""
    others: int
    """Tasks that are due for other reps."""


@dataclass(frozen=True, slots=True)
class Why:
    """A word for programs, and a sentence for people."""

    kind: Kind
    text: str


def why_empty(day: Day, rep: str | None, closed: Holidays, plan_at: str) -> Why:
    """The first reason that explains it all by itself."""
    whose = f" for {rep}" if rep else ""
    if not day.facilities:
        return Why("no_facilities", "No facility is known yet: `pipeline import facilities FILE` begins.")
    if day.ended:
        return Why("all_done", f"All {day.ended} tasks of the day{whose} are done or skipped.")
    if not is_business_day(day.on, closed):
        return _closed(day.on, closed)
    if day.on > day.today:
        return Why("to_come", f"{day.on} is still to come; a day is planned at {plan_at} of its morning.")
    if not day.prospects and not day.active + day.blocked:
        return Why(
            "no_prospects",
            "No facility is of a tier that is worked. Tiers are set at night, or now by `pipeline calibrate`;"
            " `pipeline why CCN` says what one lacks.",
        )
    if not day.planned:
        return Why(
            "not_planned",
            f"Nothing has been planned on {day.on} yet: that happens at {plan_at} on business days;"
            " `pipeline run sequencer plan` does it now.",
        )
    if rep and not day.accounts:
        return Why("no_accounts", f"{rep} looks after no account.")
    if rep and day.others:
        return Why("others_only", f"Nothing is due for {rep}; {day.others} tasks are due for others.")
    return Why(
        "no_step",
        f"No step is due{whose}: {day.active} enrollments are active, {day.blocked} wait for somebody to call.",
    )


def _closed(day: date, closed: Holidays) -> Why:
    if day.weekday() >= SATURDAY:
        return Why("weekend", f"{day} is a {day:%A}; tasks fall due on business days.")
    return Why("holiday", f"{day} is a holiday, {holiday_on(day, closed)}; tasks fall due on business days.")
