"""What does the page of an account show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.console.rendering.shapes import Choice, Option, Score, State, Tone, Urgency


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
    tone: Tone = "plain"
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
    ways: tuple[str, ...] = ()
    """The points to the next tier, and what would give them."""
    estimates: tuple[Fact, ...] = ()
    """What the score estimates, without weighing it."""


@dataclass(frozen=True, slots=True)
class NextTouch:
    """What is due next."""

    task: str
    version: int
    text: str
    role: str
    phone: str = ""
    say: str = ""
    due: str = ""
    late: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting behind a signal."""

    text: str
    """Its title, its source, and when it was seen."""
    ledger: str = ""
    """The address of what allowed it; empty for those who may not see sources."""


@dataclass(frozen=True, slots=True)
class Signal:
    """An open posting of a family."""

    title: str
    quoted: str
    open: str
    seen: str
    expires: str
    href: str
    """Why this account: the event of its posting."""
    postings: tuple[Posting, ...] = ()
    """The postings behind it, if there are several."""
    ledger: str = ""
    """Of its only posting: the address of what allowed it."""


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
    suppress: str = ""
    """Where the person is suppressed, for those who may do that."""


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
    events: tuple[Choice, ...] = ()
    """The events behind it, by their subjects: `posting.seen`"""
    day: str = ""
    """`Today`; otherwise the day is written."""
    more: int = 0
    """Further sightings, folded."""
    undo: tuple[str, int] | None = None
    """The target of the command that takes it back, and the version of it, while that is possible."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that was changed here and in the CRM."""

    field: str
    text: str
    """`was changed on both sides; ours counts`"""
    ours: str
    theirs: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InCrm:
    """The account in the CRM."""

    system: str
    state: State
    sent: datetime | None
    href: str = ""
    """Where it is opened there."""
    clashes: tuple[Clash, ...] = ()
    all: str = ""
    """Where all conflicts are, for those who may see them."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the person may do here."""

    touch: bool = False
    """End the call that is due."""
    log: bool = False
    """Log a call for which there is no task."""
    stage: bool = False
    contact: bool = False
    note: bool = False
    suppress: str = ""
    """Where the account is suppressed."""


@dataclass(frozen=True, slots=True)
class Facility:
    """The page."""

    id: str
    version: int
    """Of its lead."""
    name: str
    place: str
    phone: str
    chain: Choice | None
    flags: tuple[Flag, ...]
    score: Score | None
    """None before it has been scored."""
    urgency: Urgency | None
    stages: tuple[Stage, ...]
    why: Why | None
    signals: tuple[Signal, ...]
    contacts: tuple[Contact, ...]
    facts: tuple[Fact, ...]
    facts_href: str
    """The page with all facts; empty if all are shown."""
    timeline: tuple[Moment, ...]
    shown: tuple[Choice, ...]
    """All, touches, signals, score."""
    can: Abilities
    next: NextTouch | None = None
    sequence: str = ""
    steps: tuple[Step, ...] = ()
    crm: InCrm | None = None
    """None: it is exchanged with no CRM."""
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
    opened: str = ""
    """The form that the address opens: `call`, `note`, `move` or `contact`."""
    outcomes: tuple[Option, ...] = ()
    """Of the next touch."""
    roles: tuple[Option, ...] = ()
    reps: tuple[Option, ...] = ()
    """To whom the account can be given."""
    moves: tuple[Option, ...] = ()
    """The stages that the lead can go to."""
    ends: tuple[Option, ...] = ()
    asking: str = ""
    """The address that asks what a move needs first, up to the stage."""
    """What a person can record of it: a meeting, that it is won or lost."""
