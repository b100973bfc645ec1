"""When is a source fetched next: by its schedule, after a failure, and if a host asks for patience?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from zlib import crc32

InstantAt = Callable[[date, time], datetime]
"""The instant of a local day and time."""

DELAYS = (60.0, 300.0, 1_800.0, 7_200.0)
"""Seconds until the next try after the first failure in a row, the second, ..."""
CIRCUIT = 5
"""Failures in a row after which a source is tried only on its schedule, and operators are warned."""
LONGEST_WAIT = timedelta(days=7)
"""The most that a host may ask us to wait."""
_DURATION = re.compile(r"([1-9][0-9]{0,3})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When sources of a kind are fetched, and how fast."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    every: str = "1d"
    """How often: `6h`, `1d`, `7d`."""
    at: str = "05:00"
    """From which local time on, if that is every day or less often; otherwise, when the day's first fetch is."""
    jitter: str = "30m"
    """Over which time after that the sources are spread, each by its name."""
    per_second: float = 1.0
    """Requests a second to one host; a robots.txt may ask for fewer."""

    def __post_init__(self) -> None:
        if not timedelta(minutes=10) <= self.interval <= timedelta(days=31):
            raise ValueError(f"every is {self.every!r}; write 10m to 31d")
        if self.interval > DAY and self.interval % DAY:
            raise ValueError(f"every is {self.every!r}; more than a day is written in days, such as 2d")
        if not 0 < self.per_second <= 1_000:
            raise ValueError(f"per_second is {self.per_second}; write more than 0, such as 0.5, up to 1000")
        self.time()
        if self.spread > DAY:
            raise ValueError(f"jitter is {self.jitter!r}; write at most 1d")

    @property
    def interval(self) -> timedelta:
        return duration(self.every)

    @property
    def spread(self) -> timedelta:
        return duration(self.jitter) if self.jitter not in ("0", "0m") else timedelta()

    def time(self) -> time:
        """Raises `ValueError` for a text that is no time of day."""
        found = _TIME.fullmatch(self.at)
        if not found:
            raise ValueError(f"at is {self.at!r}; write it as 05:00")
        return time(int(found[1]), int(found[2]))


def duration(text: str) -> timedelta:
    """The time in `30m`, `6h` or `1d`; raises `ValueError`."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no duration; write minutes, hours or days, such as 30m, 6h or 1d")
    return int(found[1]) * _UNITS[found[2]]


def next_due(schedule: Schedule, name: str, now: datetime, today: date, instant_at: InstantAt) -> datetime:
    """The next time after now at which a source is due. Its name determines its place within the jitter."""
    offset = schedule.spread * _fraction(name)
    days = max(schedule.interval // DAY, 1)
    day = today - DAY
    day += timedelta(days=(crc32(name.encode()) - day.toordinal()) % days)
    step = min(schedule.interval, DAY)
    while True:
        first = instant_at(day, schedule.time()) + offset
        end = instant_at(day + DAY, schedule.time()) + offset
        for number in range(DAY // step):
            due = first + number * step
            if now < due < end:
                return due
        day += timedelta(days=days)


def after_failure(failures: int, name: str, now: datetime, scheduled: datetime, patience: timedelta) -> datetime:
    """When a source is tried again after so many failures in a row; `scheduled` is when it would be due anyway.

    `patience` is what its host asked for, by Retry-After.
    """
    if failures >= CIRCUIT:
        return max(scheduled, now + patience)
    seconds = DELAYS[min(failures, len(DELAYS)) - 1] * (0.9 + 0.2 * _fraction(f"{name} {failures}"))
    return now + max(timedelta(seconds=seconds), patience)


def retry_after(value: str | None, now: datetime) -> timedelta:
    """How long a host asks us to wait: seconds, or a date of HTTP; 0 if it does not. `now` is the real time."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def _fraction(text: str) -> float:
    """From 0 to less than 1, by the text."""
    return crc32(text.encode()) / 2**32
