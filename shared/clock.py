"""What time is it, here and for this service?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class Clock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock(Clock):
    """The time that a driver told last; it never moves by itself."""

    def __init__(self, start: datetime = datetime(1970, 1, 1, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar day of an instant in the deployment's time zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()
