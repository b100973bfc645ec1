"""When may one of our own people get a notice? Not in quiet hours, and not on days on which no one works."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

SATURDAY: Final = 5
DAY: Final = timedelta(days=1)
LONGEST: Final = 30
"""Days off and quiet hours in a row that are looked through."""


class Recipient(NamedTuple):
    """One of our own people, or a channel of ours, and which notices it gets."""

    name: str
    rep: str | None
    """Whose accounts and tasks the notices are about; None: the whole team's."""
    slack: str | None
    """The name of a channel, whose address is a secret."""
    email: str | None
    kinds: list[str]
    quiet_from: time | None
    quiet_to: time | None
    morning_at: time
    timezone: str
    added_by: str
    added_at: datetime
    paused_at: datetime | None = None
    paused_by: str | None = None
    paused_why: str | None = None
    checked: int = 0
    """How far the log was looked through for people of accounts who have its e-mail address."""


def _here(to: Recipient, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(to.timezone))


def _day(to: Recipient, at: datetime) -> date:
    return _here(to, at).date()


def _instant(to: Recipient, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(to.timezone)).astimezone(UTC)


def works(day: date, closed: Container[date]) -> bool:
    """Whether notices are sent on this day; `closed`: the public holidays."""
    return day.weekday() < SATURDAY and day not in closed


def allowed(to: Recipient, at: datetime, closed: Container[date]) -> datetime:
    """The first instant from this one on at which a notice may be sent."""
    for _ in range(LONGEST):
        day = _day(to, at)
        if not works(day, closed):
            at = _instant(to, day + DAY, time.min)
            continue
        end = _end_of_quiet(to, at)
        if end is None or end <= at:
            break
        at = end
    return at


def _end_of_quiet(to: Recipient, at: datetime) -> datetime | None:
    """When the quiet hours end in which this instant is; None if it is in none."""
    if to.quiet_from is None or to.quiet_to is None:
        return None
    day, now = _day(to, at), _here(to, at).time()
    if to.quiet_from <= to.quiet_to:
        return _instant(to, day, to.quiet_to) if to.quiet_from <= now < to.quiet_to else None
    if now < to.quiet_to:
        return _instant(to, day, to.quiet_to)
    return _instant(to, day + DAY, to.quiet_to) if now >= to.quiet_from else None


def next_morning(to: Recipient, last_at: datetime, now: datetime, closed: Container[date]) -> datetime:
    """When the next worklist is due: once on each working day, after the day of the last one.

    One that is late is sent at once, and none for a day that passed.
    """
    day = max(_day(to, last_at) + DAY, _day(to, now))
    for _ in range(LONGEST):
        if works(day, closed):
            break
        day += DAY
    return allowed(to, max(_instant(to, day, to.morning_at), now), closed)
