"""What does the page of calendars show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Choice


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar of a rep."""

    rep: str
    name: str
    personal: bool
    since: datetime
    by: str
    read: datetime | None


@dataclass(frozen=True, slots=True)
class Calendars:
    """The page."""

    sections: tuple[Choice, ...]
    rows: tuple[Calendar, ...]
    without: str
    """The names of the reps who have none."""
    answered: bool
    """Whether the courier has answered."""
    change: bool
