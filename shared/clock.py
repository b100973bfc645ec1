"""What time is it for this service, and which day is that in the deployment's time zone?

Instants are time-zone aware and stored in UTC; days are those of the deployment. Only this module converts between
them: a day that is cut from the text of an instant would be a day in the machine's time zone or in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def real_time() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


class Clock:
    """The real time, and the deployment's time zone."""

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone

    def now(self) -> datetime:
        return real_time()


class SimulatedClock(Clock):
    """The time that the driver of a simulation set last; it never advances by itself."""

    _now = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


def local(instant: datetime, timezone: str) -> datetime:
    """The instant in the deployment's time zone; raises `ValueError` if it has no time zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone, so it is not an instant")
    return instant.astimezone(ZoneInfo(timezone))


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar day of an instant in the deployment's time zone; raises `ValueError` if it has no time zone."""
    return local(instant, timezone).date()


def local_text(instant: datetime, timezone: str) -> str:
    """An instant in the deployment's time zone, for people: `2026-07-01 20:05:00 EDT`."""
    return f"{local(instant, timezone):%Y-%m-%d %H:%M:%S %Z}"


def instant_at(day: date, at: time, timezone: str) -> datetime:
    """The first instant with this local day and time in the deployment's time zone, in UTC.

    A time that a clock change skips is counted as if the change had not happened yet.
    """
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def end_of(day: date, timezone: str) -> datetime:
    """The first instant after a day."""
    return instant_at(day + timedelta(days=1), time.min, timezone)


def instant_of(moment: datetime, timezone: str) -> datetime:
    """A time as people write it, in UTC; a time without a zone is in the deployment's."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return aware.astimezone(UTC)


def latest_day(today: date) -> date:
    """The latest date that a file can have in any time zone. A simulation may be behind the real date of its files."""
    return max(today, real_time().date()) + timedelta(days=1)
