"""How are the words of a name interpreted in the trade of the pack?

A `Trade` is created once from the pack and never changes. It caches the normalized forms of words and places, of which
a few thousand occur.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from sys import intern
from typing import Final, NamedTuple, TypeVar

from engines.matching.signs import NONE_SIGNS, sign_of_kind
from engines.matching.vocabulary import Vocabulary
from engines.matching.words import ABBREVIATIONS, BILLERS, GENERIC, LEGAL_FORMS, STOP_WORDS

K = TypeVar("K")
V = TypeVar("V")
Words = tuple[str, ...]

LARGEST: Final = 200_000
_APOSTROPHES: Final = re.compile(r"[’`´]")
_FOLDED: Final = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)) + b" " * 128
"""Lower-case letters and digits, and a blank for every other character."""


class Cache(dict[K, V]):
    """A cache that computes missing values."""

    def __init__(self, compute: Callable[[K], V]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: K) -> V:
        value = self._compute(key)
        if len(self) < LARGEST:
            self[key] = value
        return value


class Place(NamedTuple):
    """A city, prepared for comparison."""

    key: str
    """The same for "Le Mars" and "LeMars"; empty if unknown. Interned, so that equal keys are one object."""
    words: frozenset[str]


class OtherKind(NamedTuple):
    """Another kind of business: its words, and its sign, which is 0 if it has no weight."""

    words: frozenset[str]
    sign: int


class Trade:
    """The words of a trade, from its `Vocabulary`, and the weight of each word in its registry."""

    __slots__ = (
        "_abbreviations", "_first_of_pair", "_initials", "_pairs", "_written", "any_other", "billers",
        "doubtful_endings", "generic", "houses", "none_names", "of_trade", "other_kinds", "own", "own_or_houses",
        "parent_endings", "parent_phrases", "parent_starts", "parent_unless", "parent_words", "places",
        "sister_phrases", "sisters", "surely_own", "titles", "weights",
    )  # fmt: skip

    def __init__(self, vocabulary: Vocabulary, weights: dict[str, int]) -> None:
        """`weights` has the weights of frequent words; any other word has the weight `RARE`."""
        self.weights = weights
        self._abbreviations: dict[str, str] = {**ABBREVIATIONS, **vocabulary.abbreviations}
        self._pairs: frozenset[tuple[str, str]] = frozenset(vocabulary.together)
        self._first_of_pair: frozenset[str] = frozenset([first for first, _ in vocabulary.together])
        self.generic: frozenset[str] = GENERIC.union(vocabulary.generic)
        self.own: frozenset[str] = frozenset(vocabulary.own)
        self.surely_own: frozenset[str] = frozenset(vocabulary.surely_own)
        self.of_trade = self.generic | self.own
        self.billers = BILLERS.difference(vocabulary.generic, vocabulary.own)
        self.houses: frozenset[str] = frozenset(vocabulary.houses)
        self.own_or_houses = self.own | self.houses
        self.titles: tuple[str, ...] = tuple(vocabulary.titles)
        self._set_other_kinds(vocabulary)
        self._set_parents(vocabulary)
        self._written: Cache[str, Words | None] = Cache(self._once_written)
        self._initials: Cache[str, Words] = Cache(self._expanded)
        self.places: Cache[str | None, Place] = Cache(self._place)

    def _set_other_kinds(self, vocabulary: Vocabulary) -> None:
        weighed = [kind.name for kind in vocabulary.other_kinds if kind.weighed]
        self.none_names: tuple[str, ...] = (*NONE_SIGNS, *[f"none_{name}" for name in weighed], "none_words")
        """The features of "none of these", in the order of the weights."""
        self.other_kinds = tuple([
            OtherKind(frozenset(kind.words), sign_of_kind(weighed.index(kind.name)) if kind.weighed else 0)
            for kind in vocabulary.other_kinds
        ])  # fmt: skip
        self.any_other: frozenset[str] = frozenset().union(*[kind.words for kind in self.other_kinds])
        self.sisters: frozenset[str] = frozenset().union(
            *[kind.words for kind in vocabulary.other_kinds if kind.sister]
        )
        self.sister_phrases: tuple[str, ...] = tuple(vocabulary.sister_phrases)

    def _set_parents(self, vocabulary: Vocabulary) -> None:
        known = vocabulary.parents
        self.parent_words: frozenset[str] = frozenset(known.words)
        self.parent_phrases: tuple[str, ...] = tuple(known.phrases)
        self.parent_endings: tuple[str, ...] = tuple([f" {ending}" for ending in known.endings])
        self.doubtful_endings: tuple[str, ...] = tuple(known.doubtful_endings)
        self.parent_unless: frozenset[str] = frozenset(known.unless)
        self.parent_starts: frozenset[str] = self.parent_words.union(
            [phrase.split()[0] for phrase in (*known.phrases, *known.endings)]
        )
        """Every name of a parent organization contains at least one of these words."""

    def words_of(self, name: str) -> Words:
        """The words of a name in their order: lower case, abbreviations expanded, without the legal form."""
        if not name.isascii():
            name = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).encode("ascii", "ignore").decode()
        expanded: list[str] = []
        initials = ""
        written = self._written
        for word in name.encode().translate(_FOLDED, b"'").decode().split():
            known = written[word]
            if known is None:
                initials += word
            elif known:
                if initials:
                    expanded += self._initials[initials]
                    initials = ""
                expanded += known
        if initials:
            expanded += self._initials[initials]
        return tuple(expanded) if self._first_of_pair.isdisjoint(expanded) else self._written_together(expanded)

    def normalize(self, name: str) -> str:
        """The words of a name as one text, which the source's rule compares (R14)."""
        return " ".join(self.words_of(name))

    def core_of(self, name: str) -> frozenset[str]:
        """The words that distinguish a name from others of its trade."""
        return frozenset(self.words_of(name)) - self.generic

    def place_of(self, city: str | None) -> str:
        return self.places[city].key

    def words_of_place(self, city: str | None) -> frozenset[str]:
        return self.places[city].words

    def _place(self, city: str | None) -> Place:
        words = self.words_of(city) if city else ()
        return Place(intern("".join(words)), frozenset(words))

    def _written_together(self, words: list[str]) -> Words:
        """Join pairs of words that are often written as one."""
        joined: list[str] = []
        for word in words:
            if joined and (joined[-1], word) in self._pairs:
                joined[-1] = intern(joined[-1] + word)
            else:
                joined.append(word)
        return tuple(joined)

    def _expanded(self, word: str) -> Words:
        if word in LEGAL_FORMS:
            return ()
        return tuple([intern(_singular(each)) for each in self._abbreviations.get(word, word).split()])

    def _once_written(self, word: str) -> Words | None:
        """None for a single letter, which may be one of several initials."""
        if len(word) == 1 and word.isalpha() and word not in STOP_WORDS:
            return None
        return () if word in STOP_WORDS else self._expanded(word)


def _singular(word: str) -> str:
    plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
