"""What do the pages of webhooks show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Check, Choice, Option, State, Tone


@dataclass(frozen=True, slots=True)
class Webhook:
    """A row of the list."""

    name: str
    href: str
    url: str
    gets: str
    """`lead.*, score.changed; tier 1, NY`"""
    state: State
    delivered: int
    waiting: int
    failed: int
    behind: int


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The list."""

    sections: tuple[Choice, ...]
    sentence: str
    rows: tuple[Webhook, ...]
    answered: bool
    """Whether the courier has answered."""
    change: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event for a webhook, and what came of it."""

    number: int
    href: str
    """The page of the event."""
    type: str
    about: str
    about_href: str
    state: str
    tone: Tone
    attempts: int
    at: datetime | None
    next: datetime | None
    came: str
    """`200 in 41 ms`"""
    error: str
    answer: str
    again: bool
    """Whether it can be sent anew."""


@dataclass(frozen=True, slots=True)
class OneWebhook:
    """A webhook, and what it got."""

    sections: tuple[Choice, ...]
    name: str
    state: State
    gets: tuple[tuple[str, str], ...]
    doing: tuple[tuple[str, str], ...]
    paused: bool
    change: bool
    cursor: str
    test: Delivery | None
    """The last one."""
    pending: bool
    """The test has no answer yet."""
    filters: tuple[Choice, ...]
    rows: tuple[Delivery, ...]
    first: str
    older: str
    """The addresses of other parts of the list; empty: there is none."""
    narrowed: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What a webhook is to get."""

    sections: tuple[Choice, ...]
    name: str
    """Empty: it is a new one."""
    back: str
    url: str
    types: tuple[Check, ...]
    tiers: tuple[Check, ...]
    owners: tuple[Check, ...]
    states: tuple[Check, ...]
    ordered: bool
    personal: bool
    begins: tuple[Option, ...] = ()
    """From where on a new one gets the log."""
