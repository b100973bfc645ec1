"""How is the address of a page written, and which page of a list does it name?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

MOST_PAGES = 9_999
NUMBER = re.compile(r"[1-9][0-9]{0,3}")


def address_of(path: str, values: Mapping[str, object] | Iterable[tuple[str, object]]) -> str:
    """A path with those values that are not empty: a number is not, also 0."""
    pairs = values.items() if isinstance(values, Mapping) else values
    given = [(name, value) for name, value in pairs if value or type(value) is int]
    return f"{path}?{urlencode(given)}" if given else path


def page_in(query: Mapping[str, str]) -> int:
    """The page of a list, the first one if none is named; raises `ValueError` for what is none."""
    page = query.get("page") or "1"
    if not NUMBER.fullmatch(page):
        raise ValueError(f"there is no page {page}")
    return int(page)
