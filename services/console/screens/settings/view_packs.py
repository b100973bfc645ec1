"""What do the settings show of packs and of API keys?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.console.rendering.shapes import Choice


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs between two packs."""

    at: str
    """`scoring.yaml: factors.posting.weight`"""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """An account that another pack would put into another tier."""

    account: str
    href: str
    before: tuple[float, int]
    """Score and tier."""
    after: tuple[float, int]
    why: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A pack as it came into force."""

    number: int
    pack: str
    by: str
    at: datetime
    in_force: bool = False
    compare: str = ""
    """The address of the comparison with the one in force."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another pack beside the one in force."""

    pack: str
    changes: tuple[Change, ...]
    crossings: tuple[Crossing, ...]
    tiers: tuple[tuple[int, int, int], ...]
    """Of each tier: its number, the accounts in it now, and then."""
    publish: bool
    """Whether the person may publish it."""


@dataclass(frozen=True, slots=True)
class Packs:
    sections: tuple[Choice, ...]
    sentence: str
    rows: tuple[Publication, ...]
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A holder of an API key."""

    service: str
    name: str
    since: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Keys:
    sections: tuple[Choice, ...]
    sentence: str
    rows: tuple[Key, ...]
    change: bool
    services: tuple[str, ...] = ()
    """Those that accept API keys."""
    shown: str = ""
    """A key that was just made; it is shown this once."""
