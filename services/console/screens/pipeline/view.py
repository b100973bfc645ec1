"""What does the pipeline show: a column for each stage, or all leads as a table?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.console.rendering.shapes import Choice, Option, Score, Slice, Sort

Kind = Literal["text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Move:
    """A stage that a card can be moved to, and what that asks."""

    stage: str
    title: str
    asks: str
    """`asks the intake form`, `after qualified`, `here, 9 days`; empty: it happens at once."""
    how: Literal["here", "at once", "dialog", "out of reach"]
    icon: str = ""
    href: str = ""
    """Of a dialog: the page with it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A lead."""

    lead: str
    """The id of the account, which commands name."""
    version: int
    account: str
    href: str
    owner: str
    """The name; the card shows the initials."""
    score: Score
    line: str
    """The next touch, or since when it is won or lost."""
    late: bool
    """The next touch is late."""
    stay: str
    """`9 of 14 days`, or `19 days, limit 14`; of an end: days from the signal, or the reason."""
    share: float | None
    """Percent of the stage's limit; None where a stage has none."""
    over: bool = False
    """It has been here longer than the limit."""
    moves: tuple[Move, ...] = ()
    """Empty: the person may not move it."""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A stage, with its first 25 leads."""

    stage: str
    title: str
    total: int
    facts: tuple[str, ...]
    """`median 8 days, limit 14`, `1 over the limit`"""
    cards: tuple[Card, ...]
    href: str
    """The column alone, on a narrow screen."""
    all: str = ""
    """The address of the table with all of them, if there are more."""
    current: bool = False
    """The column that a narrow screen shows."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A question above the board: an upsell, a lost lead whose account has a new signal."""

    kind: Literal["upsell", "reopen"]
    title: str
    text: str
    detail: str
    command: str
    """Empty: the person may not do it."""
    target: str
    version: int | None
    action: str
    dismiss: str = ""
    """The command that leaves it as it is, sent with `decline`; empty: there is none."""
    more: str = ""
    """`1 more`"""
    more_href: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """What the command states besides."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the intake form, by the pack."""

    name: str
    """`values.beds`"""
    title: str
    kind: Kind = "text"
    value: str = ""
    required: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What moving this lead asks first. Cancel leaves the card where it was."""

    lead: str
    """The id of the account."""
    version: int
    account: str
    title: str
    close: str
    command: str
    """`move_lead`, `reopen_lead`, `record_outcome`"""
    hidden: tuple[tuple[str, str], ...] = ()
    """What the command states besides: `stage`, `outcome`."""
    fields: tuple[Field, ...] = ()
    reasons: tuple[Option, ...] = ()
    note: str = ""
    """A text that is asked for, sent as `reason`: its label."""
    consequences: tuple[str, ...] = ()
    confirm: str = ""
    """The title of the button."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A lead in the table."""

    card: Card
    place: str
    stage: str
    days: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The page."""

    sentence: str
    """`122 open leads, 5 over a limit`"""
    views: tuple[Choice, ...]
    owners: tuple[Choice, ...]
    """The first ones side by side, the others in a menu."""
    filters: tuple[Choice, ...]
    columns: tuple[Column, ...] = ()
    strips: tuple[Strip, ...] = ()
    rows: tuple[TableRow, ...] = ()
    sorts: tuple[Sort, ...] = ()
    slice: Slice | None = None
    csv: str = ""
    question: Question | None = None
    empty: str = ""
