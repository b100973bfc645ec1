"""What does the distribution of scores show?"""

from __future__ import annotations

from dataclasses import dataclass

from services.console.rendering.charts import Histogram
from services.console.rendering.shapes import Choice


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier: its cut, and how many accounts are in it."""

    tier: int
    cut: str
    count: int
    href: str
    target: str
    calibrated: str
    """How many were in it at the calibration."""
    before: str
    """The cut before this one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the size of a tier, with its list."""

    count: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Size:
    """Why a tier has not its target size."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Crossed:
    """An account whose tier changed at the calibration."""

    name: str
    href: str
    before: int
    after: int
    score_before: str
    score: str
    why: str
    moved: str
    """What changed its score most since the calibration before."""
    rep: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The page."""

    sub: str
    reps: tuple[Choice, ...]
    pack: str
    title: str
    chart: Histogram
    tiers: tuple[TierRow, ...]
    sizes: tuple[Size, ...]
    record: str
    """`record of Mon 23 Nov`"""
    crossings_title: str
    crossings_about: str
    crossings: tuple[Crossed, ...]
