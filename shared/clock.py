"""What time is it for this service, and which day is that in the deployment's time zone?

An instant is aware and stored in UTC; a day is the deployment's. What turns one into the other stands here, and
nowhere else: a day cut out of an instant's text is that of the machine or of UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
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


def local(instant: datetime, timezone: str) -> datetime:
    """The same instant on a clock in the deployment's time zone; raises `ValueError` for one that names no zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone, so it is no instant")
    return instant.astimezone(ZoneInfo(timezone))


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar day of an instant in the deployment's time zone; raises `ValueError` for one that names no zone."""
    return local(instant, timezone).date()


def local_text(instant: datetime, timezone: str) -> str:
    """An instant as people in the deployment's time zone read it: `2026-07-01 20:05:00 EDT`."""
    return f"{local(instant, timezone):%Y-%m-%d %H:%M:%S %Z}"


def instant_at(day: date, at: time, timezone: str) -> datetime:
    """When a clock in the deployment's time zone first shows this, in UTC.

    A time that the clocks skip is as long after the one before it as it would be without the change.
    """
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def start_of(day: date, timezone: str) -> datetime:
    """The first instant of a day in the deployment's time zone, in UTC."""
    return instant_at(day, time.min, timezone)


def end_of(day: date, timezone: str) -> datetime:
    """The first instant that is no longer of a day."""
    return start_of(day + timedelta(days=1), timezone)


def instant_of(moment: datetime, timezone: str) -> datetime:
    """The instant that is meant by a time as people write it: without a zone, the deployment's. In UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return aware.astimezone(UTC)


def latest_day(today: date) -> date:
    """The last day of which a file can be, whatever zone wrote it. A simulation may run behind what it is fed."""
    return max(today, Clock().now().date()) + timedelta(days=1)
