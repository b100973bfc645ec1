"""Does a message seem to contain data of a person in care? Such a message is sealed, and never displayed or passed on.

A message about people in general is ordinary: only what points to one person counts. The words are the pack's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

NEAR = 300
"""How far apart a person and a condition are that belong together, in characters."""
LONGEST_PATTERN = 300


@dataclass(frozen=True, slots=True)
class Private:
    """Pack section `privacy`: by what data of a person in care is recognized in a message."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    identifiers: dict[str, str]
    """Patterns that suffice alone, each by what it recognizes: a record number, a date of birth."""
    persons: tuple[str, ...]
    """What stands before a name or initials: `resident Mary Moss`, `Mr. Moss`."""
    not_names: tuple[str, ...]
    """Words that begin with a capital after such a word, and are no names: `Resident Council`."""
    conditions: tuple[str, ...]
    """What says something about the health of a person who is named nearby."""

    def __post_init__(self) -> None:
        """Raises `ValueError` naming each pattern that is none, or that is too long."""
        faults = [f"identifiers.{name}: {why}" for name, text in self.identifiers.items() if (why := _fault(text))]
        if faults:
            raise ValueError("; ".join(faults))


def _fault(pattern: str) -> str | None:
    if not 0 < len(pattern) <= LONGEST_PATTERN:
        return f"has {len(pattern)} characters; a pattern has 1 to {LONGEST_PATTERN}"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"is no regular expression: {error}"
    return None


def private_data(text: str, private: Private) -> str | None:
    """What makes a text look like data of a person in care, never a part of the text; None if nothing does."""
    for name, pattern in private.identifiers.items():
        if _compiled(pattern).search(text):
            return name
    return "a person and a condition" if _person_with_condition(text, private) else None


def _person_with_condition(text: str, private: Private) -> bool:
    if not private.persons or not private.conditions:
        return False
    condition = _words(private.conditions)
    for found in _named(private.persons, private.not_names).finditer(text):
        if condition.search(text, max(found.start() - NEAR, 0), found.end() + NEAR):
            return True
    return False


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=8)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_either(words)})", re.IGNORECASE)


@lru_cache(maxsize=8)
def _named(words: tuple[str, ...], not_names: tuple[str, ...]) -> re.Pattern[str]:
    """One of the words in any case, then a name or initials, which begin with a capital."""
    other = rf"(?!(?i:{_either(not_names)})\b)" if not_names else ""
    name = r"[A-Z][a-z'’-]+|(?:[A-Z]\.[ ]?){1,3}|[A-Z]{2}\b|[A-Z]{2,}[ ,]+[A-Z]{2,}"
    return re.compile(rf"\b(?i:{_either(words)})\.?,?[ \t\n]+{other}(?:{name})")


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
