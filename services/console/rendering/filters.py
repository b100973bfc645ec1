"""How are days, instants, phone numbers and figures written on a page?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from shared.clock import local, local_date

# `strftime` is not used, because its names depend on the machine's locale.
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KB = 1_000
UNITED_STATES = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")


def day(value: date, form: str = "short") -> str:
    """`short`: 24 Nov. `week`: Tue 24 Nov. `long`: Tuesday, 24 November. `year`: 24 Nov 2026."""
    month, weekday = MONTHS[value.month - 1], WEEKDAYS[value.weekday()]
    match form:
        case "week":
            return f"{weekday:.3} {value.day} {month:.3}"
        case "long":
            return f"{weekday}, {value.day} {month}"
        case "year":
            return f"{value.day} {month:.3} {value.year}"
    return f"{value.day} {month:.3}"


def instant(value: datetime, zone: str, form: str = "time") -> str:
    """An instant in a zone. `time`: 9:42 am. `exact`: 9:42:07. `full`: Tue 24 Nov, 9:42 am."""
    there = local(value, zone)
    if form == "exact":
        return f"{there.hour}:{there.minute:02}:{there.second:02}"
    at = clock(there.time())
    return f"{day(local_date(value, zone), 'week')}, {at}" if form == "full" else at


def clock(value: time) -> str:
    """A time of day: 9:42 am."""
    return f"{value.hour % 12 or 12}:{value.minute:02} {'am' if value.hour < 12 else 'pm'}"


def phone(value: str) -> str:
    """A number of the United States as people write it; any other unchanged."""
    match = UNITED_STATES.fullmatch(value)
    return f"({match[1]}) {match[2]}-{match[3]}" if match else value


def dialed(value: str | None) -> str:
    """A number of the United States as it is dialed: +15185550142; any other unchanged."""
    digits = "".join(filter(str.isdigit, value or ""))
    return f"+1{digits}" if len(digits) == len("5185550142") else value or ""


def short_name(name: str) -> str:
    """`Rosalind Achterberg` as `R. Achterberg`."""
    words = name.split()
    return f"{words[0][0]}. {words[-1]}" if len(words) > 1 and not words[0].endswith(".") else name


def money(value: float, currency: str = "USD") -> str:
    """Whole units: $18,450."""
    return f"${value:,.0f}" if currency == "USD" else f"{value:,.0f} {currency}"


def score(value: float) -> str:
    """Points with one decimal: 83.5."""
    return f"{value:.1f}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 posting, 3 postings."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes: 812 bytes, 40 kB, 1.2 MB."""
    if count < KB:
        return plural(count, "byte")
    return f"{count / KB:,.0f} kB" if count < KB * KB else f"{count / KB / KB:,.1f} MB"


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def share(part: float, total: float) -> float:
    """A part in percent of a total, within 0 and 100; 0 of nothing."""
    return min(100.0, max(0.0, round(100 * part / total, 2))) if total else 0.0


FILTERS: Mapping[str, Callable[..., Any]] = {
    each.__name__: each for each in (day, instant, phone, money, score, plural, initials, share)
}
