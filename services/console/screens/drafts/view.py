"""What does the page of drafts show: the list, and the letter that is open?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.console.rendering.shapes import Choice, Option, Span

Tone = Literal["ok", "warn", "bad", "plain"]


@dataclass(frozen=True, slots=True)
class Row:
    """A draft in the list."""

    id: str
    revision: str
    """Another one whenever the text changes."""
    href: str
    account: str
    to: str
    """`DON · L. Okafor`"""
    subject: str
    due: str
    step: str
    state: str
    """What stands for or against it: `ready, 5 facts with source`"""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the letter, by its number in reading order."""

    number: int
    text: str
    source: str
    event: str = ""
    """The address of the event that states it."""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition of sending."""

    text: str
    tone: Tone = "ok"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the person may do with the letter, and what its state allows."""

    send: bool = False
    resolve: bool = False
    """State whether a letter arrived whose sending was not confirmed."""
    edit: bool = False
    close: bool = False
    unsend: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter that is open."""

    id: str
    revision: str
    to_name: str
    to_role: str
    account: str
    account_href: str
    from_name: str
    from_address: str
    subject: str
    paragraphs: tuple[tuple[Span, ...], ...]
    facts: tuple[Fact, ...]
    foot: str
    """The sender's postal address and why the person gets this."""
    checks: tuple[Check, ...]
    can: Abilities
    blocked: str = ""
    """Why it cannot be sent."""
    outcome: str = ""
    """What became of it: `Sent Mon 23 Nov, 10:12 am. Replied the same day.`"""
    editing: bool = False
    """The text is in fields."""
    body: str = ""
    """The text while it is edited: what was typed, if it was refused."""
    error: str = ""
    reasons: tuple[Option, ...] = ()
    """Why a draft is closed."""


@dataclass(frozen=True, slots=True)
class Several:
    """The dialog that lists what would be sent, and what would not."""

    rows: tuple[Row, ...]
    blocked: tuple[Row, ...]
    close: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """The page."""

    sentence: str
    """`2 can be sent, 1 is blocked`"""
    tabs: tuple[Choice, ...]
    rows: tuple[Row, ...]
    letter: Letter | None = None
    opened: bool = False
    sent: str = ""
    """`Sent today 1, this week 14`"""
    sent_href: str = ""
    rate: str = ""
    rate_of: str = ""
    rate_href: str = ""
    empty: str = ""
    """`3 on Wednesday`"""
    bulk: bool = False
    several: Several | None = None
