"""What is a fact of a text?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LONGEST = 160
"""The maximum length of a fact from outside. A longer one is unknown, because half a name is no name."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, where it is from, and the last day on which a text may state it."""

    value: str
    source: str
    until: date | None = None
    rests_on: frozenset[str] = frozenset()
    """For a passage, which is a text of its own: the facts that it states."""


Facts = Mapping[str, Fact]
"""By name; what is not known is missing."""


def values(facts: Facts) -> dict[str, str]:
    return {name: fact.value for name, fact in facts.items()}


def earliest(days: Iterable[date | None]) -> date | None:
    return min(filter(None, days), default=None)


def clean(text: str | None) -> str | None:
    """A value from outside: one line of visible text; None if nothing is left of it, or if it is too long."""
    line = one_line(text or "")
    return line if 0 < len(line) <= LONGEST else None


def one_line(text: str) -> str:
    """Visible text without breaks.

    Line breaks and control characters could add mail headers. Invisible and direction-changing characters could
    display a text that differs from the real one.
    """
    visible = text if text.isprintable() else "".join(_visible(character) for character in text)
    return " ".join(visible.split())


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() or unicodedata.category(character) == "Cc" else ""
