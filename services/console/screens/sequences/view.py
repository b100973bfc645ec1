"""What do the pages of sequences show: each on a ruler of days, and who works through one?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.console.rendering.shapes import Channel, Choice, Slice


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the ruler."""

    number: int
    day: int
    """Days after the start."""
    channel: Channel
    role: str
    detail: str = ""
    """The template, the condition, the window."""
    here: int = 0
    """Enrollments whose next step it is."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence of the pack."""

    name: str
    href: str
    title: str
    version: str
    days: int
    """The day of the last step."""
    steps: tuple[Step, ...]
    active: Choice
    """The count, and the list behind it."""
    waiting: Choice
    ended: Choice
    rules: tuple[str, ...] = ()
    """In sentences."""
    older: Choice | None = None
    """Enrollments in an older version, and the preview of moving them."""


@dataclass(frozen=True, slots=True)
class Sequences:
    sentence: str
    rows: tuple[Sequence, ...]
    source: str = ""
    """Where the pack is edited."""


@dataclass(frozen=True, slots=True)
class Run:
    """An enrollment."""

    id: str
    target: str
    """The id of the account."""
    version: int
    account: str
    href: str
    owner: str
    state: Literal["active", "waiting", "ended"]
    step: int
    steps: int
    next: str
    """`Call, Wed 25 Nov`"""
    why: str = ""
    """What is missing, or why it has ended."""
    late: str = ""
    pause: bool = False
    resume: bool = False
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Runs:
    """Who works through a sequence."""

    sequence: Sequence
    tabs: tuple[Choice, ...]
    rows: tuple[Run, ...]
    slice: Slice | None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """How an enrollment goes on in the version of the pack, or why it cannot."""

    account: str
    href: str
    status: str
    from_step: int
    """The last one that was begun; 0 before the first."""
    to: str
    """`4: call, DON`"""
    passed: str
    """The steps that are left out, because their day has passed."""
    next: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """The preview of letting enrollments in older versions go on in that of the pack."""

    name: str
    title: str
    href: str
    """Who goes through the sequence."""
    sentence: str
    rows: tuple[Move, ...]
    movable: int
    can: bool
    """Whether the person may do it."""
