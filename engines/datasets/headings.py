"""Which column does a heading name, regardless of its spelling?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_SIGNS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The letters and digits of a name or heading, in lower case."""
    return _SIGNS.sub("", text.casefold())


@lru_cache(maxsize=4_096)
def column(title: str) -> str:
    """`source_date` for "Source Date", "source-date" or "SOURCE_DATE"."""
    return _SIGNS.sub("_", title.casefold()).strip("_") or title


def as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by column name. If two headings give the same column, the one spelled as the column name wins."""
    named = {column(title): value for title, value in values.items()}
    return named | {title: value for title, value in values.items() if title in named}
