"""What are the offices of a trade called, and which placeholders do its rosters use instead of a person's name?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_ACTING = "interim|acting|temporary"
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Offices:
    """The words of one trade for its staff, in addition to those of every trade.

    They are compared regardless of case, except `capitals`. Raises `ValueError` if a word is listed twice.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    titles: tuple[str, ...] = ()
    """They precede a name and are not part of it: `Manager Jane Moss`."""
    abbreviations: tuple[str, ...] = ()
    """Titles that are also given names (`DEAN`). They count as offices only in capitals or after `acting`."""
    words: tuple[str, ...] = ()
    """A text of only such words is a placeholder."""
    capitals: tuple[str, ...] = ()
    """Each of these by itself, in capitals, is a placeholder."""
    beside: tuple[str, ...] = ()
    """They count as part of a placeholder only next to a placeholder word."""
    vacant: tuple[str, ...] = ()
    """Texts for an unfilled office."""
    shared: tuple[str, ...] = ()
    """They appear next to a name and do not identify a person."""
    folded_words: frozenset[str] = field(init=False, repr=False, compare=False)
    folded_beside: frozenset[str] = field(init=False, repr=False, compare=False)
    folded_vacant: frozenset[str] = field(init=False, repr=False, compare=False)
    folded_shared: frozenset[str] = field(init=False, repr=False, compare=False)
    leading: re.Pattern[str] = field(init=False, repr=False, compare=False)
    """Matches an office before a name of at least two words."""

    def __post_init__(self) -> None:
        for name in ("titles", "abbreviations", "words", "capitals", "beside", "vacant", "shared"):
            if twice := [word for word, count in Counter(getattr(self, name)).items() if count > 1]:
                raise ValueError(f"{name}: {', '.join(twice)} is listed more than once")
        put = object.__setattr__
        put(self, "folded_words", frozenset(word.casefold() for word in self.words))
        put(self, "folded_beside", frozenset(word.casefold() for word in self.beside))
        put(self, "folded_vacant", frozenset(_SIGNS.sub("", text.casefold()) for text in self.vacant))
        put(self, "folded_shared", frozenset(word.casefold() for word in self.shared))
        put(self, "leading", _leading(self.titles, self.abbreviations))


def _leading(titles: tuple[str, ...], abbreviations: tuple[str, ...]) -> re.Pattern[str]:
    offices = "|".join(map(re.escape, sorted((*titles, *abbreviations), key=len, reverse=True)))
    alone = "".join(f"|{re.escape(title)}" for title in sorted(titles, key=len, reverse=True))
    return re.compile(rf"(?i)^(?:(?:{_ACTING})\s+(?:{offices})?{alone})\s+(?=\S+\s+\S)")


NO_OFFICES = Offices()
