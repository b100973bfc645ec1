"""What do several screens show in the same way?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.console.domain.addresses import MOST_PAGES

Tone = Literal["plain", "ok", "info", "warn", "danger"]
"""What a label means."""


@dataclass(frozen=True, slots=True)
class State:
    """How something is doing."""

    text: str
    """`on schedule`, `paused`, `failing`"""
    tone: Tone
    why: str = ""
    """What an operator should know about it."""


Channel = Literal["call", "email", "linkedin", "research"]
CHANNELS: dict[str, tuple[str, str]] = {
    "call": ("phone", "Call"),
    "email": ("mail", "E-mail"),
    "linkedin": ("message-square", "By hand"),
    "research": ("search", "Research"),
}
"""The icon and the title of each channel."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter, a tab, one of a few: a link to the page with it."""

    title: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, and the tier that they give."""

    value: float
    tier: int
    parts: tuple[float, ...] = ()
    """The points of each factor, largest first, and the gain by the multiplier last; their sum is `value`."""


URGENCIES = ("pool", "plain", "pressing", "high", "urgent")
"""What people call each level of urgency."""


@dataclass(frozen=True, slots=True)
class Urgency:
    """0 (pool) to 4 (urgent), with the pack's word."""

    level: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text. `source` is set if it is a fact: where it comes from, with its day."""

    text: str
    source: str = ""
    number: int = 0
    """The number of the fact in reading order; 0 where facts are not numbered."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows of a list a page shows."""

    first: int
    last: int
    total: int
    previous: str = ""
    next: str = ""


def slice_of(page: int, rows: int, total: int, href: Callable[[int], str]) -> Slice | None:
    """What a page of so many rows shows of a list, with the pages around it; None if that is nothing."""
    first, last = (page - 1) * rows + 1, min(page * rows, total)
    if first > last:
        return None
    following = last < total and page < MOST_PAGES
    return Slice(first, last, total, href(page - 1) if page > 1 else "", href(page + 1) if following else "")


@dataclass(frozen=True, slots=True)
class Sort:
    """The head of a column, and the page sorted by it."""

    title: str
    href: str
    direction: Literal["", "ascending", "descending"] = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """An entry of a select, or an answer to a question."""

    value: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One of several that are chosen."""

    value: str
    title: str
    on: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a person has done, and how it is undone."""

    at: str
    """`9:20 am`"""
    channel: Channel
    text: str
    target: str = ""
    """What the command `undo` names; empty once it can no longer be undone."""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A touch before this one."""

    on: date
    text: str
    note: str = ""
