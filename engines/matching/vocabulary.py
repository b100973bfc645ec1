"""What can a pack state about the words of its trade?

Words must have the form that `Trade.words_of` returns: lower case, expanded, singular. `pipeline pack lint` reports
others, which never match.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class OtherKind:
    """Another kind of business, often with the address and name of a facility."""

    __pydantic_config__ = STRICT

    name: str
    words: tuple[str, ...]
    weighed: bool = False
    """Whether it has a fitted weight, `none_NAME`, for the probability that its names refer to no facility."""
    sister: bool = False
    """Whether it often uses a facility's legal name, so that the name alone is not accepted."""


@dataclass(frozen=True, slots=True)
class Parents:
    """Organizations that a facility may be part of, such as hospitals; their name alone does not refer to it."""

    __pydantic_config__ = STRICT

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    """Endings of their names, which do not count if the name has a word of `houses`."""
    doubtful_endings: tuple[str, ...] = ()
    """Endings that names of facilities have equally often; only a facility's exact name is accepted."""
    unless: tuple[str, ...] = ()
    """Words with which `words` belong to a facility."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of labeled rows, and the column that marks arguable rows."""

    __pydantic_config__ = STRICT

    file: str
    arguable: str


@dataclass(frozen=True, slots=True)
class LabeledFiles:
    """The labeled rows for fitting: employers that are facilities, and strangers."""

    __pydantic_config__ = STRICT

    facilities: File
    strangers: File
    parents: str = "(?!)"
    """The types of strangers that are parent organizations, as a regular expression; a rule decides on them."""
    campuses: str = "(?!)"
    """The types of strangers that may be another kind of business in a wing of the facility of the same name."""
    state: str | None = None
    """The state that is reported separately."""

    @property
    def names(self) -> tuple[str, str]:
        return self.facilities.file, self.strangers.file

    def __post_init__(self) -> None:
        for pattern in (self.parents, self.campuses):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a trade: abbreviations, generic words, and words of other trades."""

    __pydantic_config__ = STRICT

    abbreviations: dict[str, str] = field(default_factory=dict)
    together: tuple[tuple[str, str], ...] = ()
    """Pairs of words that are often written as one word."""
    generic: tuple[str, ...] = ()
    """Words that do not distinguish facilities."""
    own: tuple[str, ...] = ()
    """Words that facilities use in their names, and other organizations hardly ever."""
    surely_own: tuple[str, ...] = ()
    """Words of `own` that suffice, at the right address, for an otherwise different name."""
    houses: tuple[str, ...] = ()
    """Words for a facility's building."""
    titles: tuple[str, ...] = ()
    """Phrases in titles of jobs at a facility, even if a parent organization posted them; by preference."""
    other_kinds: tuple[OtherKind, ...] = ()
    sister_phrases: tuple[str, ...] = ()
    """Phrases that count like the words of kinds that are sisters."""
    parents: Parents = Parents()
    labeled: LabeledFiles | None = None

    def __post_init__(self) -> None:
        """Raises `ValueError` for contradictions."""
        for name in ("generic", "own", "surely_own", "houses", "titles", "sister_phrases"):
            _once(name, getattr(self, name))
        _once("other_kinds", (kind.name for kind in self.other_kinds))
        if strange := sorted(set(self.surely_own) - set(self.own)):
            raise ValueError(f"surely_own: {', '.join(strange)} must be in own too")


def _once(name: str, words: Iterable[str]) -> None:
    if twice := [word for word, count in Counter(words).items() if count > 1]:
        raise ValueError(f"{name}: {', '.join(twice)} is listed more than once")
