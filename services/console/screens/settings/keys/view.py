"""What does the page of keys show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Choice, Option


@dataclass(frozen=True, slots=True)
class Key:
    """A program, and since when it has its key."""

    name: str
    kind: str
    """`Publishes postings`"""
    service: str
    since: datetime
    changed: datetime
    end: str
    """The command that ends it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The page."""

    sections: tuple[Choice, ...]
    rows: tuple[Key, ...]
    sentence: str
    change: bool
    kinds: tuple[Option, ...] = ()
    """What the dialog offers; none: it is closed."""
    csv: str = ""
