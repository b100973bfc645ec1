"""What does the funnel show?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.rendering.charts import Bar, Dot, Line, Spread, Table
from services.console.rendering.figures import Shown, Written
from services.console.rendering.shapes import Choice


@dataclass(frozen=True, slots=True)
class Step:
    """A step: how many reached it, and of what."""

    title: str
    count: int
    href: str
    percent: float
    """Beside the first step."""
    rate: Written | None = None
    of: str = ""
    """What the rate is a share of: `33/201 leads contacted`."""
    rate_href: str = ""
    target: str = ""
    median: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Losses:
    title: str
    about: str
    bars: tuple[Bar, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Stays:
    title: str
    about: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class Wins:
    title: str
    about: str
    dots: tuple[Dot, ...]
    table: Table
    all: float | None
    """Where the share of all is."""


@dataclass(frozen=True, slots=True)
class Cell:
    written: Written
    href: str


@dataclass(frozen=True, slots=True)
class Slice:
    """The steps of a source, or of a rep; None where a figure is not divided so."""

    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The page."""

    windows: tuple[Choice, ...]
    reps: tuple[Choice, ...]
    window: str
    title: str
    steps: tuple[Step, ...]
    lagging: tuple[Shown, ...]
    trend: Line | None
    losses: Losses | None
    stays: Stays | None
    wins: Wins | None
    head: tuple[str, ...]
    slices: tuple[Slice, ...]
    others: tuple[Shown, ...]
