"""Which business days does a plan have?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date, timedelta

PAST = timedelta(days=400)
"""Older days count as the oldest one."""


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

    def day(self, index: int) -> date:
        """The day with an index; the last one that is known for a later index."""
        return self._days[min(max(index + self._first, 0), len(self._days) - 1)]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
