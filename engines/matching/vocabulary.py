"""What may a pack say about the words of its trade?

Words are written as `Trade.words_of` leaves them: small, spelt out, singular. `pipeline pack lint` finds those that
are not, which no name would ever hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class OtherKind:
    """Another kind of business, often under the same roof and name as a facility."""

    __pydantic_config__ = STRICT

    name: str
    words: tuple[str, ...]
    weighed: bool = False
    """Whether a weight `none_NAME` is fitted to it, for how likely a name that speaks of it means nobody."""
    sister: bool = False
    """Whether it often goes by a facility's legal name, so that nothing is accepted by that name alone."""


@dataclass(frozen=True, slots=True)
class Parents:
    """Organizations of which a facility may be a part, such as hospitals: their name alone does not mean it."""

    __pydantic_config__ = STRICT

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    """What a name ends with, unless a word of `houses` stands in it."""
    doubtful_endings: tuple[str, ...] = ()
    """What names of facilities end with as often: only a facility's exact name is believed."""
    unless: tuple[str, ...] = ()
    """Words beside which those of `words` are a facility's own."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of labeled rows, and its column that says which of them are arguable."""

    __pydantic_config__ = STRICT

    file: str
    arguable: str


@dataclass(frozen=True, slots=True)
class LabeledFiles:
    """The labeled rows that the weights are fitted to: employers that are facilities, and strangers."""

    __pydantic_config__ = STRICT

    facilities: File
    strangers: File
    parents: str = "(?!)"
    """The types of strangers that are parent organizations, as a regular expression: a rule settles them, no weight."""
    campuses: str = "(?!)"
    """The types of strangers that may be another kind of business in a wing of the facility whose name they bear."""
    state: str | None = None
    """The state that is reported apart."""

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
    """The words of a trade: how they are shortened, which tell nothing, and which tell of another trade."""

    __pydantic_config__ = STRICT

    abbreviations: dict[str, str] = field(default_factory=dict)
    together: tuple[tuple[str, str], ...] = ()
    """Pairs of words that are written as one word as often."""
    generic: tuple[str, ...] = ()
    """They tell no two facilities apart."""
    own: tuple[str, ...] = ()
    """Facilities say these of themselves, and hardly anybody else does."""
    surely_own: tuple[str, ...] = ()
    """Those of `own` that are enough, at the right address, for a name that is otherwise another."""
    houses: tuple[str, ...] = ()
    """What a facility calls its building."""
    titles: tuple[str, ...] = ()
    """What stands in the title of a job at a facility, even where a parent organization posted it; by preference."""
    other_kinds: tuple[OtherKind, ...] = ()
    sister_phrases: tuple[str, ...] = ()
    """As the words of kinds that are sisters."""
    parents: Parents = Parents()
    labeled: LabeledFiles | None = None

    def __post_init__(self) -> None:
        """Raises `ValueError` for what cannot be meant."""
        for name in ("generic", "own", "surely_own", "houses", "titles", "sister_phrases"):
            _once(name, getattr(self, name))
        _once("other_kinds", (kind.name for kind in self.other_kinds))
        if strange := sorted(set(self.surely_own) - set(self.own)):
            raise ValueError(f"surely_own: {', '.join(strange)} must stand in own too")


def _once(name: str, words: Iterable[str]) -> None:
    if twice := [word for word, count in Counter(words).items() if count > 1]:
        raise ValueError(f"{name}: {', '.join(twice)} is listed more than once")
