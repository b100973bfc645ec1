"""How is a list written as CSV, so that no spreadsheet runs what it contains?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Of what spreadsheets treat as a formula."""


def defused(text: str) -> str:
    """The text, with an apostrophe if a spreadsheet would treat it as a formula."""
    return f"'{text}" if text.startswith(_STARTS) else text


def lines(rows: Iterable[Sequence[object]]) -> str:
    """These rows as CSV; a number stays one."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell if isinstance(cell, (int, float)) else defused(str(cell or "")) for cell in row])
    return file.getvalue()
