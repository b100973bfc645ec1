"""How does a query of Salesforce state values, whatever is in them?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from engines.crm.records import text_of


def text(value: str) -> str:
    """A text in quotes."""
    for sign, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        value = value.replace(sign, escaped)
    return f"'{value}'"


def one_of(values: Sequence[str]) -> str:
    return f"({', '.join(text(each) for each in values)})"


def time(at: datetime) -> str:
    return text_of(at)


def path(base: str, query: str) -> str:
    return f"{base}/query?q={quote(query, safe='')}"
