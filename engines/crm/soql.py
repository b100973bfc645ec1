"""How does a query of Salesforce state values, whatever is in them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from engines.crm.records import text_of

LONGEST: Final = 4_000
"""Characters of all values in the address of a query; the whole may have 8,000."""


def text(value: str) -> str:
    """A text in quotes."""
    for sign, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        value = value.replace(sign, escaped)
    return f"'{value}'"


def one_of(values: Sequence[str]) -> str:
    return f"({','.join(text(each) for each in values)})"


def batches(values: Sequence[str], most: int) -> Iterator[list[str]]:
    """As many values at a time as fit into the address of a query."""
    batch, length = list[str](), 0
    for each in values:
        own = len(quote(text(each), safe="")) + 3
        if batch and (len(batch) == most or length + own > LONGEST):
            yield batch
            batch, length = [], 0
        batch.append(each)
        length += own
    if batch:
        yield batch


def time(at: datetime) -> str:
    return text_of(at)


def path(base: str, query: str) -> str:
    return f"{base}/query?q={quote(query, safe='')}"
