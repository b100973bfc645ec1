"""How soon must an account be touched, and how long has it waited?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from services.sequencer.domain.calendar import Holidays, is_business_day
from services.sequencer.domain.stages import STRICT

Status = Literal["breached", "at_risk", "on_track"]
Start = Literal["touch", "tier"]
Stop = Literal["planned", "resting"]


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

    clock: Literal["calendar", "business"]
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


@dataclass(frozen=True, slots=True)
class Timing:
    """An account of a tier with a clock, with all that starts or stops it."""

    facility_id: str
    tier: int
    owner: str | None
    tier_since: date | None
    last_contacted_on: date | None
    touched_at: datetime | None
    """The instant of the last touch, if it was lately."""
    next_follow_up_on: date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """How long an account has waited, and what that means."""

    timing: Timing
    started_on: date
    hours: int
    status: Status
    label: str
    stopped: str | None
    """Why it does not run now, in a few words."""
    action: str | None
    """What its owner should do; None while nothing is to be done."""

    @property
    def urgency(self) -> tuple[int, int, int, str]:
        """A sort key, most urgent first."""
        order: Mapping[Status, int] = {"breached": 0, "at_risk": 1, "on_track": 2}
        return order[self.status], self.timing.tier, -self.hours, self.timing.facility_id


def started_at(timing: Timing, starts: tuple[Start, ...]) -> datetime | None:
    """The latest event that starts the clock; None before the first one. Times are local."""
    touched = timing.touched_at or _midnight(timing.last_contacted_on)
    events = {"touch": touched, "tier": _midnight(timing.tier_since)}
    return max((at for start in starts if (at := events[start])), default=None)


def hours_between(start: datetime, end: datetime, clock: str, closed: Holidays) -> int:
    """The complete hours between two local times; of a business clock, only those of business days."""
    if end <= start:
        return 0
    if clock == "calendar":
        return int((end - start) / timedelta(hours=1))
    days = ((end.date() - start.date()).days + 1) if end > start else 0
    elapsed = sum(
        (_within(start, end, day) for n in range(days) if is_business_day(day := _day(start, n), closed)), timedelta()
    )
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


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time()) if day else None
