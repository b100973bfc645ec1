"""What does the health of the pipeline show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.console.rendering.charts import Bar, Line, Stack
from services.console.rendering.figures import Shown, Written
from services.console.rendering.shapes import Choice


@dataclass(frozen=True, slots=True)
class RepDay:
    """The day of a rep, or of the team."""

    name: str
    href: str
    done: int
    due: int
    """Done or still to do."""
    late: int
    calls: int
    emails: int
    by_hand: int
    same_day: Written
    same_day_href: str
    past_sla: int | None
    """None: it is not known now."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account that waits longer than was promised."""

    name: str
    href: str
    late: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sla:
    title: str
    bars: tuple[Stack, ...]
    on_track: int
    at_risk: int
    breached: int
    rows: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Ages:
    """How old something that waits is."""

    title: str
    about: str
    bars: tuple[Bar, ...]
    href: str
    link: str
    empty: str


@dataclass(frozen=True, slots=True)
class Need:
    """Open signals of a need, by urgency."""

    label: str
    counts: tuple[tuple[int, str], ...]
    """Each with its list."""
    total: int
    href: str


@dataclass(frozen=True, slots=True)
class Signals:
    title: str
    about: str
    levels: tuple[int, ...]
    needs: tuple[Need, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Health:
    """The page."""

    on: date
    windows: tuple[Choice, ...]
    reps: tuple[Choice, ...]
    window: str
    figures: tuple[Shown, ...]
    accounts: tuple[Shown, ...]
    today: str
    today_about: str
    same_day: str
    """The title of the column with a share; empty without one."""
    days: tuple[RepDay, ...]
    team: RepDay
    worklist: str
    sla: Sla | None
    trends: tuple[Line, ...]
    inbox: Ages
    drafts: Ages
    signals: Signals
