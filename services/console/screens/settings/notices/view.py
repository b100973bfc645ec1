"""What do the pages of notices show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Check, Choice, Option, State


@dataclass(frozen=True, slots=True)
class Notice:
    """What was sent, or is to be sent next."""

    kind: str
    """`Worklist`"""
    title: str
    lines: tuple[str, ...]
    more: int
    """Lines that it only counts."""
    at: datetime | None = None
    """When it was made, or before when it does not leave."""
    state: State | None = None
    """What became of it; None: it has not left."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A row of the list."""

    name: str
    href: str
    where: str
    """`Slack: sales`, or an address."""
    state: State
    gets: str
    """`tier 1, waiting too long, worklist`"""
    about: str
    """`about Dana Whitfield`"""
    hours: str
    """`worklist at 8:00 am; quiet from 6:00 pm to 8:00 am`"""
    zone: str
    last: Notice | None


@dataclass(frozen=True, slots=True)
class Recipients:
    """The list."""

    sections: tuple[Choice, ...]
    sentence: str
    rows: tuple[Recipient, ...]
    answered: bool
    """Whether the courier has answered."""
    change: bool


@dataclass(frozen=True, slots=True)
class OneRecipient:
    """A recipient, what comes next, and what came last."""

    sections: tuple[Choice, ...]
    name: str
    state: State
    gets: tuple[tuple[str, str], ...]
    when: tuple[tuple[str, str], ...]
    paused: bool
    change: bool
    last: Notice | None
    pending: bool
    """The last one is a test that has not left yet."""
    next: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a recipient is to get, and when."""

    sections: tuple[Choice, ...]
    name: str
    """Empty: it is a new one."""
    back: str
    channels: tuple[Option, ...]
    """Of Slack; empty: there is none."""
    channel: str
    email: str
    email_hint: str
    """Which addresses are accepted; empty: no mail leaves."""
    kinds: tuple[Check, ...]
    reps: tuple[Option, ...]
    rep: str
    quiet_from: str
    quiet_to: str
    morning_at: str
    timezone: str
