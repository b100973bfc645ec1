"""At which times of a day should a touch be done, and which one comes first?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """Two times of a day, by the clock of a place."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Span:
    """Two instants."""

    begins: datetime
    ends: datetime

    def within(self, other: Span) -> Span | None:
        """What two spans have in common; None if that is nothing."""
        found = Span(max(self.begins, other.begins), min(self.ends, other.ends))
        return found if found.begins < found.ends else None


def hours_of(window: str) -> Hours:
    """The hours in `08:30-11:30`; raises `ValueError` for a text that has none."""
    found = _WINDOW.fullmatch(window)
    if found is None:
        raise ValueError(f"window {window!r} has no hours; write it as 08:30-11:30, by the clock of the recipient")
    first, last = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if first >= last:
        raise ValueError(f"window {window!r} ends before it begins; write the earlier time first")
    return Hours(first, last)


def place(window: Span | None, working: Span) -> tuple[bool, timedelta, timedelta]:
    """A sort key: first what may begin early in the working hours of its rep, then what must end early.

    What may be done at any time of them comes after what may not; a touch without a time comes last.
    """
    if window is None:
        return True, timedelta(0), timedelta(0)
    return False, window.begins - working.begins, window.ends - working.ends
