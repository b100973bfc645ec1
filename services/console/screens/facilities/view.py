"""What does the list of accounts show?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.console.rendering.shapes import Choice, Score, Slice, Sort, Urgency


@dataclass(frozen=True, slots=True)
class Row:
    """An account."""

    id: str
    href: str
    name: str
    place: str
    """`Troy, NY`"""
    score: Score
    urgency: Urgency | None = None
    chain: str = ""
    owner: str = ""
    stage: str = ""
    """`Contacted`; `Client` of an active client."""
    since: str = ""
    """`6 days`"""
    last_contact: str = ""
    """`19 Nov`; empty: never."""
    next_touch: str = ""
    late: str = ""
    sla: str = ""
    """`5 days since contact`"""
    sla_state: Literal["", "ok", "due", "breach"] = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A property by which the list can be narrowed, each value with the count of rows that it leaves."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facilities:
    """The page."""

    sentence: str
    """`576 facilities, 57 in Tier 1`"""
    query: str
    facets: tuple[Facet, ...]
    chosen: tuple[Choice, ...]
    """The filters in force; each link removes one."""
    sorts: tuple[Sort, ...]
    rows: tuple[Row, ...]
    slice: Slice | None
    csv: str = ""
    clear: str = "/facilities"
    kept: tuple[tuple[str, str], ...] = ()
    """The filters and the order that a search keeps."""
