"""What does the page of a chain show: one enrollment for all, and its members?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.rendering.shapes import Score, Urgency


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the chain."""

    id: str
    href: str
    name: str
    place: str
    score: Score
    urgency: Urgency | None
    stage: str = ""
    last_contact: str = ""
    best: bool = False
    """The member by which the chain is worked."""


@dataclass(frozen=True, slots=True)
class Enrollment:
    """The one enrollment that covers all members."""

    sequence: str
    href: str
    step: int
    steps: int
    next: str
    owner: str
    late: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    name: str
    sentence: str
    """`4 facilities, 2 with an open posting`"""
    members: tuple[Member, ...]
    enrollment: Enrollment | None
    contacts: tuple[tuple[str, str], ...] = ()
    """Of the chain itself: name or role, and the source."""
    client: bool = False
    """A member is an active client."""
