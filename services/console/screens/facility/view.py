"""What does the page of an account show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.console.rendering.shapes import Choice, Option, Score, Urgency


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the lead, in the order of the pack."""

    title: str
    state: Literal["past", "here", "ahead"]
    note: str = ""
    """Days in it, or what it asks: `43 days`, `intake form`."""
    asks: bool = False
    end: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that the head of the page says: a chronic gap, a breach, the owner."""

    text: str
    tone: Literal["plain", "ok", "info", "warn", "danger"] = "plain"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """A row of the arithmetic. Unknown is not 0: then `value` is None."""

    title: str
    evidence: str
    source: str
    """Where it comes from, with its day: `CMS, as of 1 Oct`"""
    event: str
    """The address of the event."""
    weight: float
    most: float
    """The most points that it can give."""
    value: float | None
    points: float


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A multiplier of the sum, and the points that it adds."""

    title: str
    evidence: str
    factor: float
    points: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The score of 90 days, stepped, for a picture of 148 × 48."""

    line: str
    """Points of an SVG polyline."""
    area: str
    cut: float
    """The height of the Tier 1 cut, in pixels from the top."""
    cut_label: str
    end: tuple[float, float]
    summary: str
    """The same in words."""


@dataclass(frozen=True, slots=True)
class Why:
    """The score in full: each factor, their sum, the adjustments, and the rounding."""

    score: Score
    rank: int
    of: int
    summary: str
    factors: tuple[Factor, ...]
    total: float
    adjustments: tuple[Adjustment, ...]
    rounding: str
    curve: Curve | None
    longest: float
    """The most points of the largest factor: the scale of all bars."""
    thesis: str = ""
    """What the pack believes, above the arithmetic."""


@dataclass(frozen=True, slots=True)
class NextTouch:
    """What is due next."""

    text: str
    role: str
    phone: str = ""
    say: str = ""
    due: str = ""
    late: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """An open posting of a family."""

    title: str
    quoted: str
    open: str
    seen: str
    expires: str
    href: str
    """Why this account: the candidates of then."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person, or only the role for those who may not see people."""

    name: str
    role: str
    source: str
    line: str = ""
    """`direct`, `main line`, `e-mail`; empty: none is known."""
    direct: bool = False
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the sequence."""

    number: int
    title: str
    state: Literal["done", "skipped", "here", "ahead"]
    on: str
    reason: str = ""
    """Why it was skipped."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a source states. Unknown is the word, never 0."""

    title: str
    value: str
    as_of: str = ""
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of the timeline, newest first."""

    on: date
    icon: str
    tone: Literal["plain", "signal", "score"]
    title: str
    strong: str
    """The beginning of the title that is set strong."""
    lines: tuple[str, ...] = ()
    quote: str = ""
    change: tuple[str, str, str] | None = None
    """What changed, from, to: `score`, `79.8`, `83.5`"""
    event: str = ""
    """The subject of the event: `posting.seen`"""
    href: str = ""
    day: str = ""
    """`Today`; otherwise the day is written."""
    more: int = 0
    """Further sightings, folded."""
    undo: str = ""
    """The target of the command that takes it back, while that is possible."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the person may do here."""

    touch: bool = False
    stage: bool = False
    contact: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Facility:
    """The page."""

    id: str
    version: int
    name: str
    place: str
    phone: str
    chain: Choice | None
    flags: tuple[Flag, ...]
    score: Score
    urgency: Urgency | None
    stages: tuple[Stage, ...]
    why: Why
    signals: tuple[Signal, ...]
    contacts: tuple[Contact, ...]
    facts: tuple[Fact, ...]
    facts_total: int
    timeline: tuple[Moment, ...]
    shown: tuple[Choice, ...]
    """All, touches, signals, score."""
    can: Abilities
    next: NextTouch | None = None
    sequence: str = ""
    steps: tuple[Step, ...] = ()
    names: tuple[str, ...] = ()
    """Other names by which postings call it."""
    origin: Choice | None = None
    """The list that the person comes from."""
    place_in_list: str = ""
    """`3 of 14`"""
    previous: str = ""
    following: str = ""
    as_of: date | None = None
    """The page shows the score of this day."""
    client: bool = False
    """An active client has no actions of prospects."""
    older: str = ""
    """The address of the earlier part of the timeline."""
    outcomes: tuple[Option, ...] = ()
    roles: tuple[Option, ...] = ()
    moves: tuple[Option, ...] = ()
