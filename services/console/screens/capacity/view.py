"""What does capacity show: each day of each rep against the cap, what waits, and who is away?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.console.rendering.shapes import Choice, Option


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a rep."""

    touches: int
    away: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A rep, day by day."""

    name: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Leave:
    rep: str
    """The id of the rep."""
    name: str
    from_on: date
    to_on: date
    cover: str = ""
    end: bool = False
    """Whether the person may end it."""


@dataclass(frozen=True, slots=True)
class Late:
    """A touch that has no day within its slip."""

    account: str
    href: str
    text: str
    """`step 4 of 9, latest 27 Nov, planned 2 Dec`"""


@dataclass(frozen=True, slots=True)
class Capacity:
    sentence: str
    """`21 business days, no day is over its cap`"""
    today: date
    days: tuple[date, ...]
    cap: int
    """Touches on one day, of each rep or of the team."""
    per_rep: bool
    lines: tuple[Line, ...]
    team: tuple[int, ...]
    """The touches of all reps, by day."""
    starts: tuple[int, ...]
    """Enrollments that start, by day."""
    late: tuple[Late, ...]
    waiting: tuple[Choice, ...]
    """What waits, by why: the count, and the list."""
    scarce: tuple[str, ...]
    leaves: tuple[Leave, ...]
    reps: tuple[Option, ...] = ()
    """For whom the person may record leave."""
    covers: tuple[Option, ...] = ()
    listed: tuple[Late, ...] = ()
    """The accounts behind the count that the address names."""
    listed_title: str = ""
    back: str = ""
    """The page without them."""
