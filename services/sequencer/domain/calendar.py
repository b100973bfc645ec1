"""Which days are business days?"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, timedelta
from functools import cache

import holidays

from engines.cadence.horizon import Wait

Holidays = Container[date]

SATURDAY = 5


@cache
def holidays_of(country: str, subdivision: str | None) -> Holidays:
    """The public holidays of a place, in any year."""
    return holidays.country_holidays(country, subdiv=subdivision)


def is_business_day(day: date, closed: Holidays) -> bool:
    return day.weekday() < SATURDAY and day not in closed


def holiday_on(day: date, closed: Holidays) -> str | None:
    """The name of a holiday; None on other days, and if holidays have no names."""
    return closed.get(day) if isinstance(closed, Mapping) else None


def roll(day: date, closed: Holidays) -> date:
    """The day itself if it is a business day, otherwise the next business day."""
    while not is_business_day(day, closed):
        day += timedelta(days=1)
    return day


def roll_back(day: date, closed: Holidays) -> date:
    """The day itself if it is a business day, otherwise the previous business day."""
    while not is_business_day(day, closed):
        day -= timedelta(days=1)
    return day


def next_business_day(day: date, closed: Holidays) -> date:
    """The first business day after a day."""
    return roll(day + timedelta(days=1), closed)


def business_days_after(day: date, count: int, closed: Holidays) -> date:
    for _ in range(count):
        day = next_business_day(day, closed)
    return day


def after(day: date, wait: Wait, closed: Holidays) -> date:
    """The business day that is so long after a day."""
    on = day + timedelta(days=wait.days)
    return business_days_after(roll_back(on, closed) if wait.back else roll(on, closed), wait.business, closed)


def monday_of(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.weekday())
