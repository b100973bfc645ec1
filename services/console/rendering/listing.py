"""What does the list behind a figure show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.console.rendering.shapes import Choice, Slice

ROWS = 100
"""Of a page."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    href: str = ""
    detail: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The page: what counts, and a row for each."""

    sentence: str
    """`74 of 85 reached, 17 to 23 Nov`"""
    definition: str
    tabs: tuple[Choice, ...]
    filters: tuple[Choice, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    slice: Slice | None
    back: Choice
    empty: str = ""
    csv: str = ""
    """The address of the file with all rows; empty if the person may not have it."""
    events: str = ""
    """The address of the same as events."""


def on_page(rows: Sequence[T], page: int) -> Sequence[T]:
    return rows[(page - 1) * ROWS : page * ROWS]
