"""What does a trade call its offices, and what do its rosters write where a person's name should stand?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_ACTING = "interim|acting|temporary"
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Offices:
    """The words of a trade for who works there, beside those that every trade has; raises `ValueError` for one named
    twice.

    Compared without case, but for `capitals`.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    titles: tuple[str, ...] = ()
    """They stand before a name and are no part of it: `Manager Jane Moss`."""
    abbreviations: tuple[str, ...] = ()
    """Titles that are given names as well (`DEAN`): offices only in capitals, or after `acting`."""
    words: tuple[str, ...] = ()
    """A text of nothing but such words names nobody."""
    capitals: tuple[str, ...] = ()
    """In capitals each of these by itself names nobody."""
    beside: tuple[str, ...] = ()
    """They say nothing by themselves, and name nobody beside a word that does."""
    vacant: tuple[str, ...] = ()
    """Texts that say that nobody has the office."""
    shared: tuple[str, ...] = ()
    """They stand beside a name and are no part of what a person is known by."""
    known_words: frozenset[str] = field(init=False, repr=False, compare=False)
    known_beside: frozenset[str] = field(init=False, repr=False, compare=False)
    known_vacant: frozenset[str] = field(init=False, repr=False, compare=False)
    known_shared: frozenset[str] = field(init=False, repr=False, compare=False)
    leading: re.Pattern[str] = field(init=False, repr=False, compare=False)
    """An office before a name of two words at least."""

    def __post_init__(self) -> None:
        for name in ("titles", "abbreviations", "words", "capitals", "beside", "vacant", "shared"):
            if twice := [word for word, count in Counter(getattr(self, name)).items() if count > 1]:
                raise ValueError(f"{name}: {', '.join(twice)} stands there more than once")
        put = object.__setattr__
        put(self, "known_words", frozenset(word.casefold() for word in self.words))
        put(self, "known_beside", frozenset(word.casefold() for word in self.beside))
        put(self, "known_vacant", frozenset(_SIGNS.sub("", text.casefold()) for text in self.vacant))
        put(self, "known_shared", frozenset(word.casefold() for word in self.shared))
        put(self, "leading", _leading(self.titles, self.abbreviations))


def _leading(titles: tuple[str, ...], abbreviations: tuple[str, ...]) -> re.Pattern[str]:
    offices = "|".join(map(re.escape, sorted((*titles, *abbreviations), key=len, reverse=True)))
    alone = "".join(f"|{re.escape(title)}" for title in sorted(titles, key=len, reverse=True))
    return re.compile(rf"(?i)^(?:(?:{_ACTING})\s+(?:{offices})?{alone})\s+(?=\S+\s+\S)")


NO_OFFICES = Offices()
