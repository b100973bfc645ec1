"""What do the pages of published datasets show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.console.rendering.shapes import Choice, Tone


@dataclass(frozen=True, slots=True)
class Vintage:
    """A version of a dataset that was downloaded."""

    number: int
    state: str
    """`waits for a person`, `in use`, `imported`"""
    tone: Tone
    modified: str
    """When it was changed, as its publisher states it."""
    as_of: date
    found: datetime
    rows: int
    unreadable: int
    accounts: int
    size: str
    """`1.2 MB`"""
    sha256: str
    url: str
    reasons: tuple[str, ...]
    """Why it waits, or waited."""
    decided: str
    """`by dana, Tue 24 Nov, 9:42 am`; empty if no one did."""
    imported: datetime | None
    came: str
    """What its import changed."""
    note: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset of the pack."""

    name: str
    title: str
    href: str
    imports: str
    """What it is imported as."""
    state: str
    tone: Tone
    why: str
    used: Vintage | None
    """The version that was imported last."""
    waiting: Vintage | None
    asked: datetime | None
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Datasets:
    sections: tuple[Choice, ...]
    sentence: str
    rows: tuple[Dataset, ...]
    answered: bool
    polled: bool
    """Whether this deployment asks for any."""
    change: bool


@dataclass(frozen=True, slots=True)
class OneDataset:
    """The page of a dataset."""

    sections: tuple[Choice, ...]
    dataset: Dataset
    facts: tuple[tuple[str, str], ...]
    vintages: tuple[Vintage, ...]
    """The latest first."""
    more: int
    """How many older ones are not shown."""
    check: bool
    """Whether the person may ask for it now."""
    change: bool
