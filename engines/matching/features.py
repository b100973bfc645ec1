"""How does what was asked compare with one facility, in signs and numbers that a weight can be put on?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from engines.matching import signs as said
from engines.matching.asking import Asked
from engines.matching.facilities import Entry, FacilityForm, Form
from engines.matching.index import StateIndex
from engines.matching.words import RARE, weight_of

NUMBERS: Final = (
    "form_covered", "both_covered", "ratio", "ratio_high", "told", "missing_asked", "missing_form", "misspelt",
    "foreign_unborne",
)  # fmt: skip
NAMES: Final = (*said.SIGNS, *NUMBERS)
"""Of a facility, in the order of its numbers."""
ALIKE: Final = 84
"""`fuzz.ratio` of two cities of one state that pass for one."""
FUZZY: Final = 85
"""What a misspelt word is worth, in hundredths."""
MOST_TOLD: Final = 2000
MOST_WORDS: Final = 8

Cover = tuple[float, float, int, int, int, int]
"""How much of what was asked, and of the facility's name, the shared words are; what they tell; what the missing words
of either would tell; how many words were misspelt."""


class Compared:
    """What was asked beside the likest name of a facility."""

    __slots__ = ("asked", "asked_covered", "confidence", "entry", "form", "numbers", "signs")

    def __init__(
        self, entry: Entry, asked: Form, form: FacilityForm, covered: float, signs: int, numbers: tuple[float, ...]
    ) -> None:
        self.entry = entry
        self.asked = asked
        self.form = form
        self.asked_covered = covered
        self.signs = signs
        self.numbers = numbers
        self.confidence = 0.0
        """Given once all candidates are known."""

    @property
    def row(self) -> list[float]:
        """In the order of `NAMES`."""
        return [*said.are_said(self.signs, said.SIGNS), *self.numbers]


def compared(asked: Asked, entry: Entry, forms: Sequence[FacilityForm], index: StateIndex) -> Compared:
    at_home = not asked.city or asked.city == entry.city
    places = entry.city_words if at_home else entry.city_words | asked.city_words
    if len(forms) == 1 and len(asked.forms) == 1:
        mine, form = asked.form, forms[0]
        cover = _cover(asked, mine, form, places)
    else:
        mine, form, cover = _likest(asked, forms, places)
    asked_covered, form_covered, told, missing_asked, missing_form, misspelt = cover
    signs = form.sign | _signs_of_words(mine, form, places, bool(misspelt))
    signs |= _signs_of_city(asked, form, signs, index)
    both = asked_covered * form_covered
    if asked.zip or asked.phone or asked.address.house:
        signs |= _signs_of_place(asked, entry, both)
    if entry.chain and entry.chain <= mine.words and not entry.chain <= asked.trade.generic:
        signs |= _sign_of_chain(entry, signs, index)
    ratio = fuzz.ratio(mine.text, form.text) / 100 if mine.text != form.text else 1.0
    numbers = (
        form_covered,
        both,
        ratio,
        5 * ratio - 4 if ratio > 0.8 else 0.0,
        told / 1000 if told < MOST_TOLD else 2.0,
        missing_asked / 1000 if missing_asked < MOST_TOLD else 2.0,
        missing_form / 1000 if missing_form < MOST_TOLD else 2.0,
        misspelt if misspelt < 2 else 2.0,
        sum([not kind.words <= form.words for kind in asked.others]) if asked.others else 0.0,
    )
    return Compared(entry, mine, form, asked_covered, signs, numbers)


def _likest(asked: Asked, forms: Sequence[FacilityForm], places: frozenset[str]) -> tuple[Form, FacilityForm, Cover]:
    """The pair of names that cover each other best."""
    pairs = [(mine, form, _cover(asked, mine, form, places)) for mine in asked.forms for form in forms]
    return max(pairs, key=_likeness)


def _likeness(pair: tuple[Form, FacilityForm, Cover]) -> float:
    asked_covered, form_covered, told, *_ = pair[2]
    return asked_covered + form_covered + told / 10_000


def _cover(asked: Asked, mine: Form, form: FacilityForm, places: frozenset[str]) -> Cover:
    """City words that only one of them bears are passed over."""
    words, others, weights = mine.words, form.words, asked.trade.weights
    if words == others:
        return 1.0, 1.0, mine.weight, 0, 0, 0
    told = 0
    for word in words & others:
        told += weights.get(word, RARE)
    missing, lacking = mine.weight - told, form.weight - told
    for word in places:
        if word in words:
            if word not in others:
                missing -= weights.get(word, RARE)
        elif word in others:
            lacking -= weights.get(word, RARE)
    misspelt, form_told = 0, told
    if asked.like:
        misspelt, gained, form_gained = _misspelt(asked, mine, form, places)
        told, form_told = told + gained, told + form_gained
        missing, lacking = missing - gained, lacking - form_gained
    asked_covered = told / (told + missing) if told else 0.0
    form_covered = form_told / (form_told + lacking) if form_told else 0.0
    return asked_covered, form_covered, told, missing, lacking, misspelt


def _misspelt(asked: Asked, mine: Form, form: FacilityForm, places: frozenset[str]) -> tuple[int, int, int]:
    """How many words stand for words of the facility's name, and what those are worth in either name."""
    many = gained = 0
    weights = asked.trade.weights
    met: set[str] = set()
    for word, like in asked.like.items():
        if word not in mine.words or word in form.words or word in places:
            continue
        near = like & form.words or _short_for(word, form)
        if near:
            many += 1
            gained += weights.get(word, RARE) * FUZZY // 100
            met.update(near)
    return many, gained, weight_of(met.difference(mine.words, places), weights) * FUZZY // 100 if met else 0


def _short_for(word: str, form: FacilityForm) -> list[str]:
    """The words of which these are the initials: "lcc" of "life care center"."""
    return form.text.split()[: len(word)] if 2 < len(word) < 6 and form.initials.startswith(word) else []


def _signs_of_words(mine: Form, form: FacilityForm, places: frozenset[str], misspelt: bool) -> int:
    core, other = mine.core, form.core
    if mine.words == form.words:
        signs = said.SAME_CORE if core else said.NO_CORE_SHARED
        if core and core <= places:
            signs |= said.CORE_IS_CITY
        return signs | said.FIRST_WORD if mine.first == form.first else signs
    if core != other and not (places.isdisjoint(core) and places.isdisjoint(other)):
        core, other = core - places, other - places
        if not core or not other:
            core, other = mine.core, form.core
    signs = 0
    if core.isdisjoint(other):
        signs = 0 if misspelt else said.NO_CORE_SHARED
    elif core == other:
        signs = said.SAME_CORE
    elif core < other:
        signs = said.CORE_WITHIN
    elif other < core:
        signs = said.CORE_AROUND
    if mine.core and mine.core <= places:
        signs |= said.CORE_IS_CITY
    if mine.first == form.first:
        signs |= said.FIRST_WORD
    if (mine.marks or form.marks) and mine.marks - places != form.marks - places:
        signs |= said.MARKS_DIFFER
    return signs


def _signs_of_city(asked: Asked, form: FacilityForm, signs: int, index: StateIndex) -> int:
    entry = form.entry
    if not asked.city:
        found = said.SAME_CORE_NO_CITY if signs & said.SAME_CORE else 0
    elif asked.city == entry.city:
        found = said.CITY_SAME | said.ONLY_IN_CITY if len(index.by_city[entry.city]) == 1 else said.CITY_SAME
    elif entry.zip[:3] in asked.areas or are_alike(asked.city, entry.city):
        found = said.CITY_OTHER | said.CITY_NEAR
    else:
        found = said.CITY_OTHER
    return found | said.CITY_NAMED if entry.city in asked.named else found


def _signs_of_place(asked: Asked, entry: Entry, covered: float) -> int:
    signs = 0
    if asked.zip and asked.zip == entry.zip:
        signs = said.ZIP_SAME
    if not asked.address.street.isdisjoint(entry.address.street):
        signs |= said.STREET_SAME
    if asked.address.house and entry.address.house:
        if asked.address.house != entry.address.house:
            signs |= said.HOUSE_OTHER
        elif signs & (said.STREET_SAME | said.ZIP_SAME):
            signs |= said.DOOR_SAME | (said.PLACE_SAME_WEAK_NAME if covered < 0.5 else 0)
    if asked.phone and asked.phone == entry.phone:
        signs |= said.DOOR_SAME
    return signs


def _sign_of_chain(entry: Entry, signs: int, index: StateIndex) -> int:
    if signs & said.CITY_SAME and sum([other.city is entry.city for other in index.by_chain[entry.chain]]) == 1:
        return said.CHAIN_IN_CITY
    return said.CHAIN_ELSEWHERE


def none_signs_of(asked: Asked, index: StateIndex) -> tuple[int, float]:
    """What is said of "none of these", and how many words were asked, in eighths."""
    signs = said.NONE
    for kind in asked.others:
        signs |= kind.sign
    if asked.own:
        signs |= said.NONE_OWN_TRADE
    if asked.city and asked.city not in index.by_city:
        signs |= said.NONE_CITY_UNKNOWN
    return signs, min(len(asked.form.words), MOST_WORDS) / MOST_WORDS


@lru_cache(maxsize=65_536)
def are_alike(city: str, other: str) -> bool:
    return city.startswith(other) or other.startswith(city) or fuzz.ratio(city, other) > ALIKE
