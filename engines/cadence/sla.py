"""How soon must an account be touched, and how long has it waited?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

STRICT = {"extra": "forbid"}
Status = Literal["breached", "at_risk", "on_track"]
STATUSES: tuple[Status, ...] = ("breached", "at_risk", "on_track")
"""The most urgent first."""
Start = Literal["touch", "tier"]
Stop = Literal["planned", "resting"]
Hours = Literal["calendar", "business"]


@dataclass(frozen=True, slots=True)
class TierClock:
    """The limits of a tier in hours, and the label of each status (R94, R95)."""

    __pydantic_config__ = STRICT

    at_risk_from: int
    breach_after: int
    labels: dict[Status, str]

    def __post_init__(self) -> None:
        if not 0 < self.at_risk_from < self.breach_after:
            raise ValueError("at_risk_from and breach_after are hours, and the breach comes after the risk")
        if missing := {"breached", "at_risk", "on_track"} - set(self.labels):
            raise ValueError(f"labels.{min(missing)} is missing")


@dataclass(frozen=True, slots=True)
class Sla:
    """Which clock runs for the accounts of each tier (K5). Clients, lost leads and suppressed accounts have none."""

    __pydantic_config__ = STRICT

    clock: Hours
    """With `business`, only business days count."""
    starts: tuple[Start, ...]
    """What starts it: the last touch, or the day on which the account entered its tier; the later one."""
    stops: tuple[Stop, ...]
    """What stops it: a planned touch whose day has not passed, or a rest."""
    tiers: dict[int, TierClock]
    monitor: str
    """The label of all other tiers, which have no clock."""

    def __post_init__(self) -> None:
        if not self.starts:
            raise ValueError("starts needs at least one of touch and tier")


def hours_between(start: datetime, end: datetime, clock: Hours, is_open: Callable[[date], bool]) -> int:
    """The complete hours between two local times; of a business clock, only those of days that are open."""
    if end <= start:
        return 0
    if clock == "calendar":
        return int((end - start) / timedelta(hours=1))
    days = (end.date() - start.date()).days + 1
    elapsed = sum((_within(start, end, day) for n in range(days) if is_open(day := _day(start, n))), timedelta())
    return int(elapsed / timedelta(hours=1))


def status_of(hours: int, rule: TierClock) -> Status:
    if hours >= rule.breach_after:
        return "breached"
    return "at_risk" if hours >= rule.at_risk_from else "on_track"


def _within(start: datetime, end: datetime, day: date) -> timedelta:
    """The part of a day that lies between two times."""
    begins = datetime.combine(day, time())
    return min(end, begins + timedelta(days=1)) - max(start, begins)


def _day(start: datetime, n: int) -> date:
    return start.date() + timedelta(days=n)
