"""How is the address of a page written, and which numbers and days does one state? People may type anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

MOST_PAGES = 9_999
MOST = 999_999_999
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Days are computed with, so none is near the ends of the calendar."""


def address_of(path: str, values: Mapping[str, object] | Iterable[tuple[str, object]]) -> str:
    """A path with those values that are not empty: a number is not, also 0."""
    pairs = values.items() if isinstance(values, Mapping) else values
    given = [(name, value) for name, value in pairs if value or type(value) is int]
    return f"{path}?{urlencode(given)}" if given else path


def page_in(query: Mapping[str, str]) -> int:
    """The page of a list, the first one if none is named; raises `ValueError` for what is none."""
    page = query.get("page") or "1"
    try:
        return whole_number(page, least=1, most=MOST_PAGES)
    except ValueError:
        raise ValueError(f"there is no page {page[:20]}") from None


def whole_number(text: str, *, least: int = 0, most: int = MOST) -> int:
    """Raises `ValueError` for what is none, or out of bounds."""
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not digits or not least <= int(text) <= most:
        raise ValueError(f"{text[:20]!r} is no whole number from {least:,} to {most:,}")
    return int(text)


def a_day(text: str) -> date:
    """Raises `ValueError` for what is none, or out of bounds."""
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{day} is not between {FIRST_DAY} and {LAST_DAY}")
    return day
