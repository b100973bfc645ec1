"""How does a query compare with one facility, in signs and numbers that have weights?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from engines.matching import signs as bits
from engines.matching.facilities import Entry, FacilityForm, Form
from engines.matching.index import StateIndex
from engines.matching.query import Query
from engines.matching.words import RARE, weight_of

NUMBERS: Final = (
    "form_covered", "both_covered", "ratio", "ratio_high", "told", "missing_asked", "missing_form", "misspelt",
    "foreign_unborne",
)  # fmt: skip
NAMES: Final = (*bits.SIGNS, *NUMBERS)
"""The features of a facility, in the order of the weights."""
ALIKE: Final = 84
"""Two cities of a state with a `fuzz.ratio` above this count as the same."""
FUZZY: Final = 85
"""The weight of a misspelled word, in hundredths of the word's weight."""
MOST_COMMON: Final = 2000
MOST_WORDS: Final = 8

Cover = tuple[float, float, int, int, int, int]
"""The share of the common words in the query and in the facility's name; the weight of the common words, of those
missing in the facility's name, and of those missing in the query; the number of misspelled words."""


class Compared:
    """A query, compared with the most similar name of a facility."""

    __slots__ = ("confidence", "entry", "form", "numbers", "query", "query_covered", "signs")

    def __init__(
        self, entry: Entry, query: Form, form: FacilityForm, covered: float, signs: int, numbers: tuple[float, ...]
    ) -> None:
        self.entry = entry
        self.query = query
        self.form = form
        self.query_covered = covered
        self.signs = signs
        self.numbers = numbers
        self.confidence = 0.0
        """Set once all candidates are known."""

    @property
    def row(self) -> list[float]:
        """The features in the order of `NAMES`."""
        return [*bits.as_numbers(self.signs, bits.SIGNS), *self.numbers]


def compared(query: Query, entry: Entry, forms: Sequence[FacilityForm], index: StateIndex) -> Compared:
    at_home = not query.city or query.city == entry.city
    places = entry.city_words if at_home else entry.city_words | query.city_words
    if len(forms) == 1 and len(query.forms) == 1:
        mine, form = query.form, forms[0]
        cover = _cover(query, mine, form, places)
    else:
        mine, form, cover = _likest(query, forms, places)
    query_covered, form_covered, common, missing_query, missing_form, misspelled = cover
    signs = form.sign | _signs_of_words(mine, form, places, bool(misspelled))
    signs |= _signs_of_city(query, form, signs, index)
    both = query_covered * form_covered
    if query.zip or query.phone or query.address.house:
        signs |= _signs_of_place(query, entry, both)
    if entry.chain and entry.chain <= mine.words and not entry.chain <= query.trade.generic:
        signs |= _sign_of_chain(entry, signs, index)
    ratio = fuzz.ratio(mine.text, form.text) / 100 if mine.text != form.text else 1.0
    numbers = (
        form_covered,
        both,
        ratio,
        5 * ratio - 4 if ratio > 0.8 else 0.0,
        common / 1000 if common < MOST_COMMON else 2.0,
        missing_query / 1000 if missing_query < MOST_COMMON else 2.0,
        missing_form / 1000 if missing_form < MOST_COMMON else 2.0,
        misspelled if misspelled < 2 else 2.0,
        sum([not kind.words <= form.words for kind in query.others]) if query.others else 0.0,
    )
    return Compared(entry, mine, form, query_covered, signs, numbers)


def _likest(query: Query, forms: Sequence[FacilityForm], places: frozenset[str]) -> tuple[Form, FacilityForm, Cover]:
    """The pair of names with the largest coverage."""
    pairs = [(mine, form, _cover(query, mine, form, places)) for mine in query.forms for form in forms]
    return max(pairs, key=_likeness)


def _likeness(pair: tuple[Form, FacilityForm, Cover]) -> float:
    query_covered, form_covered, common, *_ = pair[2]
    return query_covered + form_covered + common / 10_000


def _cover(query: Query, mine: Form, form: FacilityForm, places: frozenset[str]) -> Cover:
    """Compare the words of two names, ignoring words of the city that only one of them has."""
    words, others, weights = mine.words, form.words, query.trade.weights
    if words == others:
        return 1.0, 1.0, mine.weight, 0, 0, 0
    common = 0
    for word in words & others:
        common += weights.get(word, RARE)
    missing, lacking = mine.weight - common, form.weight - common
    for word in places:
        if word in words:
            if word not in others:
                missing -= weights.get(word, RARE)
        elif word in others:
            lacking -= weights.get(word, RARE)
    misspelled, form_common = 0, common
    if query.like:
        misspelled, gained, form_gained = _misspelled(query, mine, form, places)
        common, form_common = common + gained, common + form_gained
        missing, lacking = missing - gained, lacking - form_gained
    query_covered = common / (common + missing) if common else 0.0
    form_covered = form_common / (form_common + lacking) if form_common else 0.0
    return query_covered, form_covered, common, missing, lacking, misspelled


def _misspelled(query: Query, mine: Form, form: FacilityForm, places: frozenset[str]) -> tuple[int, int, int]:
    """The number of words that stand for words of the facility's name, and their weights in both names."""
    many = gained = 0
    weights = query.trade.weights
    met: set[str] = set()
    for word, like in query.like.items():
        if word not in mine.words or word in form.words or word in places:
            continue
        near = like & form.words or _short_for(word, form)
        if near:
            many += 1
            gained += weights.get(word, RARE) * FUZZY // 100
            met.update(near)
    return many, gained, weight_of(met.difference(mine.words, places), weights) * FUZZY // 100 if met else 0


def _short_for(word: str, form: FacilityForm) -> list[str]:
    """The words whose initials form this word: "life care center" for "lcc"."""
    return form.text.split()[: len(word)] if 2 < len(word) < 6 and form.initials.startswith(word) else []


def _signs_of_words(mine: Form, form: FacilityForm, places: frozenset[str], misspelled: bool) -> int:
    core, other = mine.core, form.core
    if mine.words == form.words:
        signs = bits.SAME_CORE if core else bits.NO_CORE_SHARED
        if core and core <= places:
            signs |= bits.CORE_IS_CITY
        return signs | bits.FIRST_WORD if mine.first == form.first else signs
    if core != other and not (places.isdisjoint(core) and places.isdisjoint(other)):
        core, other = core - places, other - places
        if not core or not other:
            core, other = mine.core, form.core
    signs = 0
    if core.isdisjoint(other):
        signs = 0 if misspelled else bits.NO_CORE_SHARED
    elif core == other:
        signs = bits.SAME_CORE
    elif core < other:
        signs = bits.CORE_WITHIN
    elif other < core:
        signs = bits.CORE_AROUND
    if mine.core and mine.core <= places:
        signs |= bits.CORE_IS_CITY
    if mine.first == form.first:
        signs |= bits.FIRST_WORD
    if (mine.marks or form.marks) and mine.marks - places != form.marks - places:
        signs |= bits.MARKS_DIFFER
    return signs


def _signs_of_city(query: Query, form: FacilityForm, signs: int, index: StateIndex) -> int:
    entry = form.entry
    if not query.city:
        found = bits.SAME_CORE_NO_CITY if signs & bits.SAME_CORE else 0
    elif query.city == entry.city:
        found = bits.CITY_SAME | bits.ONLY_IN_CITY if len(index.by_city[entry.city]) == 1 else bits.CITY_SAME
    elif entry.zip[:3] in query.areas or are_alike(query.city, entry.city):
        found = bits.CITY_OTHER | bits.CITY_NEAR
    else:
        found = bits.CITY_OTHER
    return found | bits.CITY_NAMED if entry.city in query.named else found


def _signs_of_place(query: Query, entry: Entry, covered: float) -> int:
    signs = 0
    if query.zip and query.zip == entry.zip:
        signs = bits.ZIP_SAME
    if not query.address.street.isdisjoint(entry.address.street):
        signs |= bits.STREET_SAME
    if query.address.house and entry.address.house:
        if query.address.house != entry.address.house:
            signs |= bits.HOUSE_OTHER
        elif signs & (bits.STREET_SAME | bits.ZIP_SAME):
            signs |= bits.DOOR_SAME | (bits.PLACE_SAME_WEAK_NAME if covered < 0.5 else 0)
    if query.phone and query.phone == entry.phone:
        signs |= bits.DOOR_SAME
    return signs


def _sign_of_chain(entry: Entry, signs: int, index: StateIndex) -> int:
    if signs & bits.CITY_SAME and sum([other.city is entry.city for other in index.by_chain[entry.chain]]) == 1:
        return bits.CHAIN_IN_CITY
    return bits.CHAIN_ELSEWHERE


def none_signs_of(query: Query, index: StateIndex) -> tuple[int, float]:
    """The signs of "none of these", and the number of words in the query, in eighths."""
    signs = bits.NONE
    for kind in query.others:
        signs |= kind.sign
    if query.own:
        signs |= bits.NONE_OWN_TRADE
    if query.city and query.city not in index.by_city:
        signs |= bits.NONE_CITY_UNKNOWN
    return signs, min(len(query.form.words), MOST_WORDS) / MOST_WORDS


@lru_cache(maxsize=65_536)
def are_alike(city: str, other: str) -> bool:
    return city.startswith(other) or other.startswith(city) or fuzz.ratio(city, other) > ALIKE
