"""What do playbooks show: a filter of the pack, the accounts that match it, and what is written to them?"""

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
    snippet: str = ""
    """Why it matters, in a few words that a person can use."""
    contacted: str = ""
    """`19 Nov`"""
    bookmarked: bool = False
    markable: bool = False
    """Whether the person may bookmark it and record that it was contacted."""


@dataclass(frozen=True, slots=True)
class Playbooks:
    entries: tuple[Choice, ...]
    title: str
    filter: str
    """In words."""
    focus: str
    """What the message is about, and what it asks for."""
    subjects: tuple[str, ...]
    """Of its letter."""
    rows: tuple[Match, ...]
    slice: Slice | None
    csv: str = ""
    sent: str = ""
    """The outcome of an e-mail that was sent."""
