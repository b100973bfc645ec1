"""What does the page of deliveries show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Choice, Slice, Tone


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter that a person sent off."""

    role: str
    """`Director`"""
    account: str
    href: str
    state: str
    """`waits`, `left`"""
    tone: Tone
    answer: str
    """Why it waits or failed."""
    tries: int
    """0 once it is no longer tried."""
    next_try: datetime | None
    by: str
    approved: datetime
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Calls outside of one kind, which a service makes."""

    service: str
    kind: str
    due: int
    running: int
    waiting: int
    failing: int
    oldest: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The page."""

    sections: tuple[Choice, ...]
    states: tuple[Choice, ...]
    rows: tuple[Delivery, ...]
    slice: Slice | None
    outside: tuple[Outside, ...]
    answered: bool
    """Whether the notifier has answered."""
    stopped: str
    """Why no letter leaves for now; empty: they leave."""
    change: bool
    csv: str = ""
