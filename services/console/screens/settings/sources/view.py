"""What do the pages of sources show, and what that of the ledger?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.console.rendering.shapes import Choice, Slice, State, Tone


@dataclass(frozen=True, slots=True)
class Source:
    """A source, in the list of all."""

    name: str
    href: str
    how: str
    """`greenhouse`, `pushes with a key`, `imported`"""
    employer: str
    rule: str
    """`public interface`"""
    state: State
    complete: datetime | None
    next: datetime | None
    open: str
    """How many open postings it lists; empty if it is not fetched."""
    last: datetime | None
    came: str
    """What came last: `3 new, 40 known`"""
    refused: int


@dataclass(frozen=True, slots=True)
class Sources:
    sections: tuple[Choice, ...]
    sentence: str
    """`12 sources; 2 need a look.`"""
    filters: tuple[Choice, ...]
    query: str
    kept: tuple[tuple[str, str], ...]
    rows: tuple[Source, ...]
    slice: Slice | None
    answered: bool
    change: bool
    csv: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger."""

    number: int
    at: datetime
    source: str
    href: str
    kind: str
    """`fetched`, `tested`, `pushed`, `imported`"""
    outcome: str
    tone: Tone
    came: str
    refusals: tuple[tuple[str, int], ...]
    note: str
    requests: int
    size: str
    """`1.2 MB`; empty if nothing was downloaded."""
    rule: str
    detail: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Robots:
    """The robots.txt of a host, as it was read last."""

    host: str
    text: str
    """`read`, `there is none (404)`"""
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TriedPosting:
    """A posting that a fetch would take."""

    id: str
    title: str
    employer: str
    place: str
    role: str
    posted: date | None
    closes: date | None


@dataclass(frozen=True, slots=True)
class Tried:
    """The last test of a source; nothing of it was stored."""

    asked: datetime
    at: datetime | None
    """None: it waits for its host."""
    error: str = ""
    rule: str = ""
    addresses: tuple[tuple[int, str], ...] = ()
    """Status and address of what was asked."""
    postings: tuple[TriedPosting, ...] = ()
    found: int = 0
    refusals: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OneSource:
    """The page of a source."""

    sections: tuple[Choice, ...]
    name: str
    state: State
    fetched: bool
    how: tuple[tuple[str, str], ...]
    """How it is fetched: names and values."""
    options: tuple[tuple[str, str], ...]
    doing: tuple[tuple[str, str], ...]
    robots: tuple[Robots, ...]
    rows: tuple[Entry, ...]
    ledger: str
    """The address of all of its rows."""
    paused: bool
    change: bool
    test: Tried | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A content of a posting, and the row that accounts for it."""

    at: datetime
    title: str
    row: Entry | None


@dataclass(frozen=True, slots=True)
class Account:
    """Why we have a posting."""

    title: str
    employer: str
    facts: tuple[tuple[str, str], ...]
    seen: tuple[Seen, ...]
    more: int
    """How many contents are not shown, the oldest."""
    listed: str
    """`Listed 12 times, last by this row:`"""
    last: Entry | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The page of the ledger: its rows, or what accounts for one posting."""

    sections: tuple[Choice, ...]
    sentence: str
    """`It accounts for all 5,120 postings.`"""
    tone: Tone
    answered: bool
    chosen: tuple[Choice, ...]
    rules: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    """What else narrows it, for the forms."""
    day: str
    query: str
    rows: tuple[Entry, ...] = ()
    first: str = ""
    """The address of the newest rows; empty on their page."""
    older: str = ""
    csv: str = ""
    account: Account | None = None
    unknown: str = ""
    """Why there is no such posting."""
