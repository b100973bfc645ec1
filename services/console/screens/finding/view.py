"""What does finding show: accounts, people, chains and actions that fit what was typed?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    detail: str
    href: str
    icon: str
    key: str = ""
    """Of an action: the key that does the same."""


@dataclass(frozen=True, slots=True)
class Kind:
    title: str
    hits: tuple[Hit, ...]
    all: str = ""
    """The address of all of them, if there are more."""


@dataclass(frozen=True, slots=True)
class Finding:
    query: str
    kinds: tuple[Kind, ...]
    hint: str = ""
    """What can be typed, before anything is."""
