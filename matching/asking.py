"""What does an employer's name say, read with the words of one state's facilities at hand?"""

from __future__ import annotations

from itertools import pairwise

from matching.facilities import Address, Employer, Form, address_of, digits_of, form_of
from matching.index import StateIndex
from matching.names import forms_of_employer, place_of, words_of_place
from matching.words import ANY_FOREIGN, FOREIGN, OWN_TRADE, PARENT

NOT_FOREIGN: tuple[frozenset[str], ...] = (frozenset(),) * len(FOREIGN)
CUT = 28
"""Names as long as this may have been cut in the middle of their last word."""


class Asked:
    """An employer, prepared for comparison."""

    __slots__ = ("address", "all_words", "city", "city_words", "employer", "foreign", "forms", "like", "named", "own",
                 "parent", "per_weight", "phone", "places", "weight", "words", "zip")  # fmt: skip

    def __init__(self, employer: Employer) -> None:
        self.employer = employer
        self.forms: tuple[Form, ...] = tuple(form_of(text, "asked") for text in forms_of_employer(employer.name))
        self.city = place_of(employer.city)
        self.city_words = words_of_place(employer.city)
        self.zip = (employer.zip or "").strip()[:5]
        self.address: Address = address_of(employer.address)
        self.phone = digits_of(employer.phone)
        words = self.forms[0].words if self.forms else frozenset()
        self.own = bool(words & OWN_TRADE)
        self.parent = words & PARENT
        self.foreign = tuple(words & kind for kind in FOREIGN.values()) if words & ANY_FOREIGN else NOT_FOREIGN
        self.like: dict[str, frozenset[str]] = {}
        """What a word unknown to the state may stand for."""
        self.words: list[str] = []
        self.all_words: frozenset[str] = frozenset()
        self.weight = max((form.weight for form in self.forms), default=0.0)
        self.per_weight = 1 / self.weight if self.weight else 0.0
        self.places: tuple[str, ...] = ()
        self.named: tuple[str, ...] = ()
        """Cities named inside the name, other than the one given."""

    def read_with(self, index: StateIndex) -> None:
        """Find what unknown words stand for: misspelt, cut off, written together or apart."""
        known = index.by_word
        words = list(dict.fromkeys(word for form in self.forms for word in form.words))
        more: list[str] = []
        for word in words:
            if word not in known:
                meant = {*index.likely_words(word), *_split(word, index)}
                if meant:
                    self.like[word] = frozenset(meant)
        named: dict[str, None] = {}
        for form in self.forms:
            parts = form.text.split()
            for width in (1, 2, 3):
                for at in range(len(parts) - width + 1):
                    place = parts[at] if width == 1 else "".join(parts[at : at + width])
                    if place in index.by_city and place != self.city:
                        named[place] = None
            if len(self.employer.name) >= CUT and parts and parts[-1] not in known:
                whole = index.completed(parts[-1])
                if whole:
                    self.like[parts[-1]] = self.like.get(parts[-1], frozenset()).union(whole)
            for one, other in pairwise(parts):
                joined = one + other
                if joined in known:
                    for word in (one, other):
                        self.like[word] = self.like.get(word, frozenset()) | {joined}
        for found in self.like.values():
            more += found
        self.named = tuple(named)
        self.places = (self.city, *named) if self.city else self.named
        self.words = sorted({*words, *more})
        self.all_words = frozenset(self.words)


def _split(word: str, index: StateIndex) -> tuple[str, ...]:
    for at in range(3, len(word) - 2):
        if word[:at] in index.by_word and word[at:] in index.by_word:
            return word[:at], word[at:]
    return ()
