"""What do the pages of events show: what happened, and how one thing led to another?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.console.rendering.shapes import Choice, Slice

Tone = Literal["plain", "signal", "score"]


@dataclass(frozen=True, slots=True)
class Row:
    """An event."""

    id: str
    href: str
    at: datetime
    icon: str
    tone: Tone
    subject: str
    sentence: str
    account: str = ""
    account_href: str = ""


@dataclass(frozen=True, slots=True)
class Events:
    sentence: str
    subjects: tuple[Choice, ...]
    chosen: tuple[Choice, ...]
    rows: tuple[Row, ...]
    slice: Slice | None
    csv: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: where it stands between cause and effect, and its content."""

    id: str
    at: datetime
    subject: str
    sentence: str
    account: str
    account_href: str
    trace: tuple[Row, ...]
    """From the first cause to the last effect."""
    content: str
    """As JSON, indented; without personal data for those who may not see people."""
    ledger: tuple[str, ...] = ()
    """The addresses of what allowed its postings; none for those who may not see sources."""
