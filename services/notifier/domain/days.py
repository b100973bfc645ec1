"""How does a letter name a day?"""

from __future__ import annotations

from datetime import date, timedelta

RECENT_DAYS = 6
"""The weekday of an earlier day is ambiguous."""

# `strftime` is not used, because its names depend on the machine's locale.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def named(day: date, today: date) -> str:
    """`Tuesday` if it was within a week, otherwise `October 20`."""
    return _WEEKDAYS[day.weekday()] if _is_recent(day, today) else f"{month(day)} {day.day}"


def named_until(day: date, today: date) -> date:
    """The last day on which this name is right."""
    return day + timedelta(days=RECENT_DAYS if _is_recent(day, today) else 300)


def month(day: date) -> str:
    return _MONTHS[day.month - 1]


def _is_recent(day: date, today: date) -> bool:
    return 0 <= (today - day).days <= RECENT_DAYS
