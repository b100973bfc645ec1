"""Which business days does a plan have?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PAST = timedelta(days=400)
"""Older days count as the oldest one."""


@dataclass(frozen=True, slots=True)
class Wait:
    """So many calendar days, moved to a business day, and then so many business days."""

    days: int = 0
    business: int = 0
    back: bool = False
    """A day that is no business day moves to the previous one instead of the next one."""

    def __add__(self, other: Wait) -> Wait:
        return Wait(self.days + other.days, self.business + other.business, self.back)

    def __sub__(self, other: Wait) -> Wait:
        return Wait(self.days - other.days, self.business - other.business, self.back)


class Horizon:
    """The business days from a day on. The planner counts in their indexes: 0 is the first, negative ones are past."""

    def __init__(self, today: date, count: int, is_business_day: Callable[[date], bool]) -> None:
        """`count` business days from `today` on; days far beyond are known too, so that touches can be counted."""
        self._days = [
            day for day in _days(today - PAST, today + timedelta(days=2 * count + 60)) if is_business_day(day)
        ]
        self._first = bisect_left(self._days, today)
        self.count = count

    @property
    def days(self) -> list[date]:
        return self._days[self._first : self._first + self.count]

    def index(self, day: date) -> int:
        """The index of a day, or of the first business day after it."""
        return bisect_left(self._days, day) - self._first

    def after(self, day: date, wait: Wait) -> int:
        """The index of the day that is so long after a day."""
        on = day + timedelta(days=wait.days)
        found = bisect_right(self._days, on) - 1 if wait.back else bisect_left(self._days, on)
        return found + wait.business - self._first

    def later(self, before: int, waits: Sequence[Wait]) -> int:
        """The first day of a touch that waits so long after the one before it; a day if it does not wait."""
        for wait in waits:
            before = max(before + 1, self.after(self.day(before), wait)) if wait.days else before + wait.business
        return before if waits else before + 1

    def day(self, index: int) -> date:
        """The day with an index; the last one that is known for a later index."""
        return self._days[min(max(index + self._first, 0), len(self._days) - 1)]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
