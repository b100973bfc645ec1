"""How does a letter name a day?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import takewhile

RECENT_DAYS = 6
"""The weekday of an earlier day is ambiguous."""
WEDNESDAY, SATURDAY = 2, 5

# `strftime` is not used, because its names depend on the machine's locale.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def named(day: date, today: date) -> str:
    """When it was, as it ends a sentence: `today`, `yesterday`, `on Tuesday`, `last Thursday`, `on October 20`."""
    age = (today - day).days
    if age in (0, 1):
        return ("today", "yesterday")[age]
    if not 1 < age <= RECENT_DAYS:
        return f"on {month(day)} {day.day}"
    if age <= today.weekday():
        return f"on {_WEEKDAYS[day.weekday()]}"
    of_weekend = day.weekday() >= SATURDAY and today.weekday() <= WEDNESDAY
    return "over the weekend" if of_weekend else f"last {_WEEKDAYS[day.weekday()]}"


def named_until(day: date, today: date) -> date:
    """The last day on which a text may say so."""
    if (today - day).days > RECENT_DAYS:
        return day + timedelta(days=300)
    name, later = named(day, today), (today + timedelta(days=each) for each in range(RECENT_DAYS + 1))
    return max(takewhile(lambda each: named(day, each) == name, later))


def month(day: date) -> str:
    return _MONTHS[day.month - 1]
