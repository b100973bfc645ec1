"""Which role does a posting seek, and how urgently? (R12, R13)

The pack contains the rules: ordered families of patterns for the title, and marks of urgency for title and
description.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

T = TypeVar("T")

MAX_DESCRIPTION = 20_000
"""The number of characters of a description that are read for urgency; the small print after them is ignored."""
MAX_TITLES = 10_000
"""The number of titles whose results are cached."""


@dataclass(frozen=True, slots=True)
class Family:
    """A role family. A title belongs to it if a pattern of `any` is found and none of `unless`."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgencyRules:
    """A talent pool has urgency 0, a plain posting 1. Each kind of mark adds 1, up to `most`."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    pool: tuple[str, ...]
    marks: dict[str, tuple[str, ...]]
    most: int
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleRules:
    """The rules of classification. `verbatim` is removed from the title as written, `ignore` from the folded title."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    families: tuple[Family, ...]
    otherwise: str
    urgency: UrgencyRules
    verbatim: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A pattern that does not compile is found when the service starts.
        Classifier.of(self)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Compiled role rules."""

    families: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    otherwise: str
    verbatim: re.Pattern[str]
    ignore: re.Pattern[str]
    pool: re.Pattern[str]
    marks: tuple[re.Pattern[str], ...]
    calm: re.Pattern[str]
    most: int
    _roles: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    _urgencies: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, rules: RoleRules) -> Classifier:
        """Raises `ValueError` for an invalid regular expression."""
        return cls(
            families=tuple((f.name, _one_of(f.any), _one_of(f.unless)) for f in rules.families),
            otherwise=rules.otherwise,
            verbatim=_compiled(rf"\b(?:{'|'.join(rules.verbatim)})\b" if rules.verbatim else NOTHING),
            ignore=_one_of(rules.ignore),
            pool=_one_of(rules.urgency.pool),
            marks=tuple(_one_of(patterns) for patterns in rules.urgency.marks.values()),
            calm=_one_of(rules.urgency.ignore),
            most=rules.urgency.most,
        )

    def role_family(self, title: str) -> str:
        """The first family whose patterns match the title."""
        return _cached(self._roles, title, self._family_of)

    def _family_of(self, title: str) -> str:
        text = (
            _INITIALS.sub(_without_dots, self.verbatim.sub(" ", title))
            if "." in title
            else self.verbatim.sub(" ", title)
        )
        text = self.ignore.sub("", fold(text))
        found = (name for name, wanted, unless in self.families if wanted.search(text) and not unless.search(text))
        return next(found, self.otherwise)

    def urgency(self, title: str, description: str | None = None) -> int:
        """0 to `most`, from the title and the description."""
        if not description:
            return _cached(self._urgencies, title, self._urgency_of)
        return self._urgency_of(f"{title} | {description[:MAX_DESCRIPTION]}")

    def _urgency_of(self, text: str) -> int:
        text = fold(text)
        text = self.calm.sub("", text)
        if self.pool.search(text):
            return 0
        return min(1 + sum(1 for mark in self.marks if mark.search(text)), self.most)


def _cached(results: dict[str, T], title: str, compute: Callable[[str], T]) -> T:
    """The result for a title; titles repeat."""
    if title not in results:
        if len(results) >= MAX_TITLES:
            results.clear()
        results[title] = compute(title)
    return results[title]


def fold(text: str) -> str:
    """Lower case, with tags and punctuation as spaces, and a space around each word: `Sign-On  X` is ` sign on x `."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    return f" {' '.join(_SIGNS.sub(' ', text.casefold()).split())} "


def _without_dots(initials: re.Match[str]) -> str:
    return initials[0].replace(".", "")


_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TAG = re.compile(r"<[^<>]{0,500}>")
_SIGNS = re.compile(r"[^\w ]|_")
NOTHING = r"(?!)"


@cache
def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of these as complete words of folded text.

    It starts at a space instead of a word boundary, which takes a third of the time.
    """
    for pattern in patterns:
        _compiled(pattern)
    return _compiled(rf" (?:{'|'.join(patterns)})(?= )" if patterns else NOTHING)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
