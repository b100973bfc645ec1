"""What does the page of the exchange with a CRM show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Choice, Slice, State


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of records."""

    title: str
    """`Facilities`"""
    state: State
    linked: int
    waiting: int
    sending: int
    """Of those that wait, how many a job of the CRM sends now."""
    withheld: int
    failed: int
    conflicts: int
    polled: datetime | None
    """When we last looked at what changed there."""


@dataclass(frozen=True, slots=True)
class About:
    """Which record a row is about."""

    title: str
    """The account; without one, the kind of the record."""
    href: str = ""
    kind: str = ""
    """`contact`; empty for an account."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs, or a record that one side lacks."""

    about: About
    field: str
    """Empty: the whole record."""
    ours: str
    theirs: str
    why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed."""

    at: datetime
    about: About
    field: str
    base: str
    ours: str
    theirs: str
    counts: str
    """`ours` or `theirs`"""
    why: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that was refused."""

    about: About
    code: str
    message: str
    tried: datetime | None
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What the last comparison of a kind of records came to."""

    state: State
    text: str
    """`2,133 facilities`, or why they could not be compared."""
    at: datetime | None
    """None: it has not ended."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The page."""

    sections: tuple[Choice, ...]
    system: str
    """`HubSpot`; empty: none is set."""
    state: State
    missing: tuple[str, ...]
    """What an operator has to set first."""
    wrong: tuple[str, ...]
    """Properties that are there and do not fit."""
    answered: bool
    """Whether the courier has answered."""
    change: bool
    begun: bool
    """Whether it was set up."""
    ready: bool
    """Whether it can be compared: it is set up, and no comparison runs."""
    pending: bool
    """Something is being done that ends soon: the page loads its parts again."""
    lanes: tuple[Lane, ...] = ()
    compared: tuple[Compared, ...] = ()
    tabs: tuple[Choice, ...] = ()
    shown: str = ""
    """`differences`, `conflicts` or `refused`"""
    filters: tuple[Choice, ...] = ()
    differences: tuple[Difference, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    failures: tuple[Failure, ...] = ()
    slice: Slice | None = None
    first: str = ""
    """The addresses of other parts of the conflicts; empty: there is none."""
    older: str = ""
