"""Which column does a heading name, regardless of its spelling?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_SIGNS = re.compile(r"[\W_]+")
_SORT = re.compile(r"([A-Z]*)0*(\d*)")


def letters(text: str) -> str:
    """The letters and digits of a name or heading, in lower case."""
    return _SIGNS.sub("", text.casefold())


@lru_cache(maxsize=4_096)
def normal(sort: str) -> str:
    """The normal spelling of a tag or word: `F-0641`, `f0641` and `F641` become F641; a number alone gets an F."""
    folded = letters(sort).upper()
    found = _SORT.fullmatch(folded)
    if not found or not found[2]:
        return folded
    return f"{found[1] or 'F'}{found[2]}"


@lru_cache(maxsize=4_096)
def column(title: str) -> str:
    """`source_date` for "Source Date", "source-date" or "SOURCE_DATE"."""
    return _SIGNS.sub("_", title.casefold()).strip("_") or title


def as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by column name. If two headings give the same column, the one spelled as the column name wins."""
    named = {column(title): value for title, value in values.items()}
    return named | {title: value for title, value in values.items() if title in named}
