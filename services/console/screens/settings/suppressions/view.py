"""What do the pages of suppressions show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.console.rendering.shapes import Choice, Option, Slice

Scope = Literal["person", "facility", "chain", "domain", "address"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """Who is not contacted."""

    id: str
    version: int
    href: str
    icon: str
    target: str
    """The address, the domain, or a name; empty for those who may not see people."""
    kind: str
    """`Domain`, `Person`"""
    channels: str
    """`all channels`; `call, e-mail`"""
    reason: str
    """Empty for those who may not see people: it often quotes them."""
    source: str
    since: date
    by: str
    lift: str = ""
    """The command that lifts it; empty if the person may not."""


@dataclass(frozen=True, slots=True)
class Form:
    """The dialog that adds one: a form for each kind."""

    kind: Scope
    kinds: tuple[Choice, ...]
    roles: tuple[Option, ...]
    account: str = ""
    """That the address names, with perhaps the role and the name of a person there."""
    role: str = ""
    name: str = ""
    back: str = "/settings/suppressions"
    """The page that asks."""


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The list."""

    sections: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    """Those that there are; the link of the current one removes it."""
    mine: Choice | None
    rows: tuple[Suppression, ...]
    slice: Slice | None
    query: str
    people: bool
    """Whether the person sees whom they are about, and can search for it."""
    kept: tuple[tuple[str, str], ...]
    """The filters that a search keeps."""
    narrowed: bool
    add: str = ""
    """The address of the dialog."""
    form: Form | None = None
    csv: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was stated about the target, or about something else that it belongs to."""

    on: date
    by: str
    text: str
    """`Not to be contacted by any channel`"""
    lifts: bool
    reason: str
    source: str
    about: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A letter that was not sent because of it."""

    at: datetime
    email: str
    account: str
    href: str


@dataclass(frozen=True, slots=True)
class Why:
    """One suppression: who stated it, and what it has stopped."""

    sections: tuple[Choice, ...]
    row: Suppression
    ended: bool
    others: tuple[str, ...]
    """What else is suppressed there."""
    statements: tuple[Statement, ...]
    unsent: tuple[Unsent, ...]
    people: bool
    answered: bool
    """Whether the owner has answered; without it, only the latest statement is known."""
