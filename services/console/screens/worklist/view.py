"""What does the worklist show: the day in its order, and the touch that is open?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.console.rendering.shapes import Channel, Choice, Done, Option, Past, Score, Span, Urgency


@dataclass(frozen=True, slots=True)
class Row:
    """A touch that is due."""

    task: str
    href: str
    """The worklist with this touch open."""
    rank: int
    """Its place in the sequencer's order; filters keep it."""
    channel: Channel
    account: str
    """The name of the account."""
    to: str
    """Role and short name: `DON · R. Achterberg`; only the role for those who may not see people."""
    reasons: tuple[str, ...]
    """Most important first; the page shows as many as fit, each complete."""
    score: Score
    urgency: Urgency | None = None
    """None without an open posting."""
    late: str = ""
    """`1 day late`"""
    step: str = ""
    """`Step 3 of 9`"""
    note: str = ""
    """`draft ready`, `till Thu`"""
    phone: str = ""
    """Printed lists show it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a heading: Overdue, Tier 1, Tier 2, Waiting for a direct line; or the rep, in the view of the team."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is contacted. Those who may not see people get the role and nothing else."""

    role: str
    name: str = ""
    phone: str = ""
    email: str = ""
    local_time: str = ""
    """`9:42 am there`"""
    source: str = ""
    """Which line it is, where the contact comes from, and since when."""
    main: str = ""
    """The main line of the account, as it is dialed, beside the direct one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A contribution to the score, after the multiplier."""

    points: float
    text: str
    detail: str = ""
    """The source and its day."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a touch can end; an outcome of the pack."""

    value: str
    title: str
    key: str
    good: bool = False
    then: str = ""
    """What follows: a `callback` needs a day, and `not_interested` to be confirmed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The draft of a touch by e-mail."""

    draft: str
    version: str
    """Another one whenever the text changes."""
    subject: str
    paragraphs: tuple[tuple[Span, ...], ...]
    blocked: str = ""
    """Why it cannot be sent; empty if it can."""
    leaving: str = ""
    """That it is on its way, if a person sent it off."""
    unsend: bool = False


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the person may do with this touch."""

    touch: bool
    """End it, skip it, snooze it."""
    reassign: bool = False
    people: bool = True


@dataclass(frozen=True, slots=True)
class Touch:
    """The touch that is open."""

    task: str
    version: int
    channel: Channel
    title: str
    """`Call · step 3 of 9 · New York 21 days`"""
    account: str
    account_id: str
    account_href: str
    place: str
    score: Score
    person: Person | None
    reasons: tuple[Reason, ...]
    say: tuple[tuple[Span, ...], ...]
    """The script of a call, or the text to send by hand: paragraphs of spans."""
    copied: str
    """The same as plain text, to be sent by hand."""
    before: tuple[Past, ...]
    before_total: int
    outcomes: tuple[Outcome, ...]
    """Of a call; for other channels what ends them beside their own buttons."""
    can: Abilities
    urgency: Urgency | None = None
    late: str = ""
    fell: str = ""
    """Why the score fell, if the posting has closed."""
    then: str = ""
    """What follows: `Then: e-mail, Wed 25 Nov`"""
    letter: Letter | None = None
    wanted: tuple[Option, ...] = ()
    """Research: the roles that are looked for."""
    skip_reasons: tuple[Option, ...] = ()
    snooze: tuple[Option, ...] = ()
    """1, 2 and 5 business days, with the day; only those within the slip."""
    reps: tuple[Option, ...] = ()
    error: str = ""
    """Why the last command was refused; what was typed is in `note`."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RepDay:
    """The day of a rep, for the view of the team."""

    name: str
    href: str
    done: int
    due: int
    overdue: int
    note: str = ""
    """`on leave till Mon 30 Nov`"""


@dataclass(frozen=True, slots=True)
class Selected:
    """A task that is one of several."""

    target: str
    version: int | None
    account: str
    detail: str


@dataclass(frozen=True, slots=True)
class Several:
    """What would be done with several tasks, before it is done."""

    title: str
    sub: str
    command: str
    action: str
    close: str
    rows: tuple[Selected, ...]
    field: str
    """The field of the command that is asked for, with its label and options; without options it is typed."""
    label: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Worklist:
    """The page."""

    on: date
    done: int
    total: int
    done_href: str
    whose: tuple[Choice, ...]
    channels: tuple[tuple[Channel, Choice], ...]
    tiers: tuple[Choice, ...]
    parts: tuple[Part, ...]
    done_today: tuple[Done, ...]
    done_summary: str
    """`2 calls, 1 e-mail sent`"""
    touch: Touch | None = None
    opened: bool = False
    """The address names the touch; then a narrow screen shows it instead of the list."""
    team: tuple[RepDay, ...] = ()
    """Of the view of the team; then `parts` has the name of a rep each."""
    ahead: str = ""
    """What an empty list says: `Friday: 8`"""
    bulk: tuple[Choice, ...] = ()
    """What can be done with several rows at once; their addresses are values of `ask`. Empty: nothing."""
    kept: tuple[tuple[str, str], ...] = ()
    """The filters, which a selection keeps."""
    several: Several | None = None
