"""Since when does an account wait for a touch, and what does that mean?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from engines.cadence.sla import STATUSES, Start, Status, Stop


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
        return STATUSES.index(self.status), self.timing.tier, -self.hours, self.timing.facility_id


@dataclass(frozen=True, slots=True)
class CalledOut:
    """An account whose breach was called out, with what may stop its clock."""

    facility_id: str
    label: str
    next_follow_up_on: date | None
    blocked: bool


def waits_for_touch(stops: tuple[Stop, ...], planned: date | None, today: date, blocked: bool) -> bool:
    """Whether a planned touch stops the clock. The research of a blocked enrollment is no touch."""
    return "planned" in stops and planned is not None and planned >= today and not blocked


def started_at(timing: Timing, starts: tuple[Start, ...]) -> datetime | None:
    """The latest event that starts the clock; None before the first one. Times are local."""
    touched = timing.touched_at or _midnight(timing.last_contacted_on)
    events = {"touch": touched, "tier": _midnight(timing.tier_since)}
    return max((at for start in starts if (at := events[start])), default=None)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time()) if day else None
