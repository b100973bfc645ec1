"""Which tasks does a pack have for the leads in a stage and for active clients, and when is each due? (R125, R126)"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.sequencer.domain.calendar import Holidays, business_days_after, roll
from services.sequencer.domain.sequences import After

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class TaskRule:
    """A touch that a lead in a stage, or a client, gets once (`after`), again and again (`every`), or both."""

    __pydantic_config__ = STRICT

    key: str
    title: str
    channel: Literal["call", "email", "linkedin"] = "call"
    persona: str | None = None
    """Without it, the first role of the pack."""
    template: str | None = None
    after: After | None = None
    """So long after the lead entered its stage."""
    every: After | None = None
    """So long after the last task of this rule, and after any other touch of the account."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.key):
            raise ValueError("key has small letters, digits and hyphens, as in status-call")
        if not self.title.strip():
            raise ValueError("title is what the rep reads")
        if self.after is None and self.every is None:
            raise ValueError("a task needs `after` (once), `every` (again and again), or both")


@dataclass(frozen=True, slots=True)
class Past:
    """The tasks of a rule that ended: how many, and the day on which the last one did."""

    count: int = 0
    ended_on: date | None = None


def due_day(rule: TaskRule, since: date | None, past: Past, touched_on: date | None, closed: Holidays) -> date | None:
    """The day of the next task of a rule; None if there is nothing to count from, so that it is due at once.

    `since` is the day on which the lead entered its stage, `touched_on` that of the last touch of the account.
    """
    if rule.after and since and not past.count:
        return _later(since, rule.after, closed)
    days = [day for day in (since, past.ended_on, touched_on) if day]
    return _later(max(days), rule.every, closed) if rule.every and days else None


def _later(day: date, after: After, closed: Holidays) -> date:
    """The business day that is so long after a day."""
    if after.of == "business":
        return business_days_after(day, after.days, closed)
    return roll(day + timedelta(days=after.days), closed)


def check(name: str, rules: tuple[TaskRule, ...]) -> None:
    """Raises `ValueError` if two tasks have the same key."""
    if len({each.key for each in rules}) < len(rules):
        raise ValueError(f"{name}: each task needs its own key")
