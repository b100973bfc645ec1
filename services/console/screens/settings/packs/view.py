"""What does the page of packs show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Choice


@dataclass(frozen=True, slots=True)
class Published:
    """A pack as it came into force."""

    hash: str
    name: str
    by: str
    at: datetime
    current: bool
    compare: str
    """The address that compares it with the one in force; empty for that one itself."""
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pack that differs: each value before and after; empty where there is none."""

    title: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """An account that would be in another tier."""

    name: str
    href: str
    before: int
    after: int
    score_before: float
    score_after: float
    because: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would change if a pack came into force again."""

    hash: str
    sections: tuple[Section, ...]
    cohort: int
    crossings: tuple[Crossing, ...]
    crossed: int
    """All of them; the page shows the first ones."""
    tried: bool
    """Whether the scorer has tried it on the cohort."""
    csv: str = ""


@dataclass(frozen=True, slots=True)
class Packs:
    """The page."""

    sections: tuple[Choice, ...]
    hash: str
    """Of the pack whose scoring is in force; empty if the scorer does not answer."""
    own_hash: str
    """Of the pack that the console started with."""
    parts: tuple[Section, ...]
    published: tuple[Published, ...]
    comparison: Comparison | None
    publish: bool
    """Whether the person may put a pack in force."""
    ask: bool = False
    """Whether the dialog is open that puts the compared one in force."""
