"""What do playbooks show: a filter of the pack, the accounts that match it, and a text to use?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.rendering.shapes import Choice, Score, Slice


@dataclass(frozen=True, slots=True)
class Match:
    """An account that matches."""

    id: str
    href: str
    name: str
    place: str
    score: Score
    why: str
    contacted: str = ""
    """`19 Nov, by you`"""
    bookmarked: bool = False


@dataclass(frozen=True, slots=True)
class Playbooks:
    entries: tuple[Choice, ...]
    title: str
    filter: str
    """In words."""
    snippet: str
    rows: tuple[Match, ...]
    slice: Slice | None
    csv: str = ""
    act: bool = False
