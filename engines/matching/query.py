"""What does an employer's name consist of, compared with the names of one state's facilities?"""

from __future__ import annotations

from typing import Final

from engines.datasets.phones import digits_of
from engines.matching.facilities import NO_ADDRESS, Employer, Form, address_of
from engines.matching.index import StateIndex
from engines.matching.names import NO_WORDS, forms_of_employer
from engines.matching.trade import OtherKind, Trade

CUT: Final = 28
"""Names of this length or more may be truncated within their last word."""


class Query:
    """An employer, prepared for comparison."""

    __slots__ = (
        "address", "areas", "city", "city_words", "employer", "form", "forms", "like", "named", "others", "own",
        "phone", "trade", "zip",
    )  # fmt: skip

    def __init__(self, employer: Employer, trade: Trade) -> None:
        """The attributes from `form` on are missing if the name has no words."""
        self.employer = employer
        self.trade = trade
        self.forms = tuple([Form(words, trade) for words in forms_of_employer(employer.name, trade)])
        if not self.forms:
            return
        self.form = self.forms[0]
        self.city, self.city_words = trade.places[employer.city]
        self.zip = employer.zip.strip()[:5] if employer.zip else ""
        self.address = address_of(employer.address, trade) if employer.address else NO_ADDRESS
        self.phone = digits_of(employer.phone)
        words = self.form.words
        self.own = not trade.own.isdisjoint(words)
        self.others = () if trade.any_other.isdisjoint(words) else _others(words, trade)
        """Other kinds of business in the name, each with its words and its sign."""
        self.like: dict[str, frozenset[str]] = {}
        """Words that may be misspelled, truncated or initials, with the known words that they may stand for."""
        self.named: tuple[str, ...] = ()
        """Cities in the name, except the stated city."""
        self.areas: frozenset[str] = NO_WORDS
        """The first three digits of the ZIP codes of the facilities in the city."""

    def read_with(self, index: StateIndex) -> None:
        """Find the words that unknown words may stand for, and the cities in the name."""
        self.areas = index.areas_of(self.city)
        named: dict[str, None] = {}
        for form in self.forms:
            parts = form.parts
            self._read_unknown(form, parts, index)
            self._read_together(parts, index, named)
        named.pop(self.city, None)
        self.named = tuple(named)

    def _read_unknown(self, form: Form, parts: tuple[str, ...], index: StateIndex) -> None:
        by_word, by_initials, weights = index.by_word, index.by_initials, self.trade.weights
        for word in form.words:
            if word not in by_word:
                possible = index.possible_words(word)
                if possible:
                    self.like[word] = possible
            if word in by_initials and word not in weights:
                self.like.setdefault(word, NO_WORDS)
        last = parts[-1]
        if len(self.employer.name) >= CUT and last not in by_word:
            completed_words = index.completed(last)
            if completed_words:
                self.like[last] = self.like.get(last, NO_WORDS).union(completed_words)

    def _read_together(self, parts: tuple[str, ...], index: StateIndex, named: dict[str, None]) -> None:
        """Find adjacent words that the registry, or the name of a city, writes as one."""
        by_city, by_word = index.by_city, index.by_word
        before = one = ""
        for other in parts:
            if other in by_city:
                named[other] = None
            if one:
                joined = one + other
                if joined in by_word:
                    for word in (one, other):
                        self.like[word] = self.like.get(word, NO_WORDS) | {joined}
                if joined in by_city:
                    named[joined] = None
                if before and before + joined in by_city:
                    named[before + joined] = None
            before, one = one, other


def _others(words: frozenset[str], trade: Trade) -> tuple[OtherKind, ...]:
    return tuple([
        OtherKind(words & kind.words, kind.sign) for kind in trade.other_kinds if not kind.words.isdisjoint(words)
    ])  # fmt: skip
