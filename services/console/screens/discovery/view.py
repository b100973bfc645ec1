"""What does discovery show: accounts without an open posting, by score?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.rendering.shapes import Choice, Score, Slice


@dataclass(frozen=True, slots=True)
class Way:
    """What would lift the account into the next tier."""

    text: str
    """`an open posting`"""
    points: float


@dataclass(frozen=True, slots=True)
class Row:
    """An account without an open posting."""

    id: str
    href: str
    name: str
    place: str
    score: Score
    reasons: tuple[str, ...]
    ways: tuple[Way, ...]
    """Sorted; the first is the shortest way."""
    short_of: float
    """Points to the next tier."""
    bookmarked: str = ""
    """`by you, 20 Nov`; empty: it is not."""
    owner: str = ""
    markable: bool = True
    """Whether the person may bookmark it, if they may bookmark at all."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The page."""

    sentence: str
    """`519 facilities without a posting, 34 within 5 points of Tier 1`"""
    tabs: tuple[Choice, ...]
    filters: tuple[Choice, ...]
    rows: tuple[Row, ...]
    slice: Slice | None
    bookmark: bool = False
    """Whether the person may bookmark."""
    csv: str = ""
    empty: str = ""
