"""Under which name does a heading stand, however it is written?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_SIGNS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """What is left of a name or heading without case, blanks and signs."""
    return _SIGNS.sub("", text.casefold())


@lru_cache(maxsize=4_096)
def column(title: str) -> str:
    """`source_date` for "Source Date", "source-date" or "SOURCE_DATE"."""
    return _SIGNS.sub("_", title.casefold()).strip("_") or title


def as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """By column names; of two headings that differ in writing only, the one that is a column name itself counts."""
    named = {column(title): value for title, value in values.items()}
    return named | {title: value for title, value in values.items() if title in named}
