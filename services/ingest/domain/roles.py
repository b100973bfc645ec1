"""Which role does a posting look for, and how urgently? (R12, R13)

The rules are the pack's: ordered families of patterns over the title, and marks of urgency over title and
description. Nothing here knows a vertical.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

READ_AT_MOST = 20_000
"""Characters of a description that are read for urgency: what matters is said before the small print."""


@dataclass(frozen=True, slots=True)
class Family:
    """A role family: a title belongs to it when any pattern is found, unless one of the others is."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgencyRules:
    """A pool is 0, a plain posting 1; every kind of mark adds one, up to `most`."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    pool: tuple[str, ...]
    marks: dict[str, tuple[str, ...]]
    most: int
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleRules:
    """How postings are classified. `verbatim` is taken out of the title as written, `ignore` once it is folded."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    families: tuple[Family, ...]
    otherwise: str
    urgency: UrgencyRules
    verbatim: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A pattern that does not compile is a mistake in the pack, to be found when the service starts.
        Classifier.of(self)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Role rules, ready to be applied."""

    families: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    otherwise: str
    verbatim: re.Pattern[str]
    ignore: re.Pattern[str]
    pool: re.Pattern[str]
    marks: tuple[re.Pattern[str], ...]
    calm: re.Pattern[str]
    most: int
    _titles: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, rules: RoleRules) -> Classifier:
        """Compile; raises ValueError for a pattern that is no regular expression."""
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
        """The first family that recognises the title; titles repeat, so answers are kept."""
        if title not in self._titles:
            if len(self._titles) >= 10_000:
                self._titles.clear()
            self._titles[title] = self._family_of(title)
        return self._titles[title]

    def _family_of(self, title: str) -> str:
        text = (
            _INITIALS.sub(_together, self.verbatim.sub(" ", title)) if "." in title else self.verbatim.sub(" ", title)
        )
        text = self.ignore.sub("", fold(text))
        found = (name for name, wanted, unless in self.families if wanted.search(text) and not unless.search(text))
        return next(found, self.otherwise)

    def urgency(self, title: str, description: str | None = None) -> int:
        """0 to `most`, from what the posting says of itself."""
        text = fold(title if not description else f"{title} | {description[:READ_AT_MOST]}")
        text = self.calm.sub("", text)
        if self.pool.search(text):
            return 0
        return min(1 + sum(1 for mark in self.marks if mark.search(text)), self.most)


def fold(text: str) -> str:
    """Lower case, tags and signs as blanks, one around each word: `Sign-On  X` is ` sign on x `."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    return f" {' '.join(_SIGNS.sub(' ', text.casefold()).split())} "


def _together(initials: re.Match[str]) -> str:
    return initials[0].replace(".", "")


_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TAG = re.compile(r"<[^<>]{0,500}>")
_SIGNS = re.compile(r"[^\w ]|_")
NOTHING = r"(?!)"


@cache
def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of these as whole words of folded text; of none it finds nothing.

    It starts at a blank instead of a word boundary: the engine then jumps from blank to blank, in a third of the time.
    """
    for pattern in patterns:
        _compiled(pattern)
    return _compiled(rf" (?:{'|'.join(patterns)})(?= )" if patterns else NOTHING)


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
