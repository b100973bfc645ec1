"""How does what was asked compare with one facility, in numbers that a weight can be put on?"""

from __future__ import annotations

from math import log

from rapidfuzz import fuzz

from matching.asking import NOT_FOREIGN, Asked
from matching.facilities import Entry, Form
from matching.index import StateIndex
from matching.words import FOREIGN, GENERIC, RARE, WEIGHTS

NAMES = (
    "asked_covered", "form_covered", "both_covered", "same_words", "same_core", "core_within", "core_around",
    "no_core_shared", "first_word", "marks_conflict", "marks_extra",
    "ratio", "ratio_high", "told", "missing_asked", "missing_form",
    "misspelt", "core_is_city",
    "city_named", "city_named_unborne", "city_same", "city_other", "city_near",
    "core_same_city", "covered_city", "only_in_city",
    "zip_same", "zip_far", "house_same", "house_other", "street_same", "phone_same", "place_same_weak_name",
    "legal", "former", "dba", "shared_in_state", "shared_in_city", "chain_in_city", "chain_elsewhere",
    "foreign_unborne", "parent_unborne", "same_words_no_city", "same_core_no_city",
)  # fmt: skip
"""Of a facility, in the order of its numbers."""
NONE_NAMES = (
    "none", *(f"none_{kind}" for kind in FOREIGN), "none_parent", "none_own_trade", "none_city_blank",
    "none_city_unknown", "none_words", "none_place_unknown", "none_has_place",
)  # fmt: skip
"""Of "none of these", in the order of its numbers."""
ALIKE = 84
"""`fuzz.ratio` of two cities of one state that pass for one."""
FUZZY = 0.85
"""What a misspelt word is worth."""


class Likeness:
    """Two names compared: what was asked, and what a facility is called."""

    __slots__ = ("asked", "asked_covered", "form", "form_covered", "missing_asked", "missing_form", "misspelt", "told")

    def __init__(self, asked: Asked, mine: Form, form: Form, entry: Entry) -> None:
        self.asked, self.form = mine, form
        weights = WEIGHTS.get
        shared = mine.words & form.words
        told = 0.0
        for word in shared:
            told += weights(word, RARE)
        total, form_total, form_told = mine.weight, form.weight, told
        misspelt = 0
        if len(shared) < len(mine.words) or len(shared) < len(form.words):
            like = asked.like
            met: set[str] = set()
            for word in mine.words - shared:
                weight = weights(word, RARE)
                near = like[word] & form.words if word in like else None
                if near or (weight == RARE and 2 < len(word) < 6 and form.initials.startswith(word)):
                    told += FUZZY * weight
                    misspelt += 1
                    met.update(near or form.text.split()[: len(word)])
                elif word in entry.city_words or word in asked.city_words:
                    total -= weight
            for word in form.words - shared:
                if word in met:
                    form_told += FUZZY * weights(word, RARE)
                elif word in entry.city_words or word in asked.city_words:
                    form_total -= weights(word, RARE)
        self.told, self.misspelt = told, misspelt
        self.asked_covered = min(1.0, told / total) if total > 0.1 else 0.0
        self.form_covered = min(1.0, form_told / form_total) if form_total > 0.1 else 0.0
        self.missing_asked = max(0.0, total - told)
        self.missing_form = max(0.0, form_total - form_told)


def likest(asked: Asked, entry: Entry, forms: tuple[Form, ...]) -> Likeness:
    """The pair of names that cover each other best."""
    if len(forms) == 1 and len(asked.forms) == 1:
        return Likeness(asked, asked.forms[0], forms[0], entry)
    pairs = [Likeness(asked, mine, form, entry) for mine in asked.forms for form in forms]
    return max(pairs, key=_cover)


def _cover(pair: Likeness) -> float:
    return pair.asked_covered + pair.form_covered + 0.01 * pair.told


def features_of(asked: Asked, entry: Entry, forms: tuple[Form, ...], index: StateIndex) -> tuple[list[float], Likeness]:
    best = likest(asked, entry, forms)
    mine, form = best.asked, best.form
    city_same = bool(asked.city) and asked.city == entry.city
    places = entry.city_words if city_same or not asked.city else entry.city_words | asked.city_words
    core_mine, core_form = mine.core - places, form.core - places
    if not core_mine or not core_form:
        core_mine, core_form = mine.core, form.core
    same_core = core_mine == core_form and bool(core_mine)
    same_words = mine.key == form.key
    city_other = bool(asked.city) and not city_same
    near = city_other and is_near(asked.city, entry, index)
    ratio = fuzz.ratio(mine.text, form.text) / 100
    zip_same = bool(asked.zip) and asked.zip == entry.zip
    zip_far = bool(asked.zip) and bool(entry.zip) and asked.zip[:3] != entry.zip[:3]
    house, known_house = asked.address.house, entry.address.house
    street = bool(asked.address.street & entry.address.street)
    house_same = bool(house) and house == known_house and (street or zip_same)
    house_other = bool(house) and bool(known_house) and house != known_house
    sharing = index.by_key.get(form.key, ())
    in_city = sum(other.city == entry.city for other in sharing) if len(sharing) > 1 else 1
    chained = bool(entry.chain) and entry.chain <= mine.words and bool(entry.chain - GENERIC)
    chain_city = chained and city_same and sum(o.chain == entry.chain for o in index.by_city[entry.city]) == 1
    marks = (mine.marks or form.marks) and mine.marks - places != form.marks - places
    named = entry.city in asked.named
    foreign = (
        sum([not found <= form.words for found in asked.foreign if found]) if asked.foreign is not NOT_FOREIGN else 0
    )
    covered = best.asked_covered * best.form_covered
    row: list[float] = [
        best.asked_covered,
        best.form_covered,
        covered,
        same_words,
        same_core,
        bool(core_mine) and core_mine < core_form,
        bool(core_form) and core_form < core_mine,
        not (core_mine & core_form) and not best.misspelt,
        mine.first == form.first,
        bool(marks and mine.marks) and bool(form.marks),
        bool(marks and not (mine.marks and form.marks)),
        ratio,
        max(0.0, ratio - 0.8) * 5,
        min(best.told, 20.0) / 10,
        min(best.missing_asked, 20.0) / 10,
        min(best.missing_form, 20.0) / 10,
        min(best.misspelt, 2.0),
        bool(mine.core) and mine.core <= places,
        named,
        named and not (entry.city_words & form.words),
        city_same,
        city_other,
        near,
        same_core and city_same,
        covered * city_same,
        city_same and len(index.by_city[entry.city]) == 1,
        zip_same,
        zip_far,
        house_same,
        house_other,
        street,
        bool(asked.phone) and asked.phone == entry.phone,
        house_same and covered < 0.5,
        form.kind == "legal",
        form.kind == "former",
        form.kind == "dba",
        log(len(sharing)) if sharing else 0.0,
        log(in_city) if in_city else 0.0,
        chain_city,
        chained and not chain_city,
        foreign,
        bool(asked.parent - form.words),
        same_words and not asked.city,
        same_core and not asked.city,
    ]
    return row, best


def none_features_of(asked: Asked, index: StateIndex) -> list[float]:
    place = bool(asked.zip) and bool(asked.address.house)
    return [
        1.0,
        *(float(bool(found)) for found in asked.foreign),
        float(bool(asked.parent)),
        float(asked.own),
        float(not asked.city),
        float(bool(asked.city) and asked.city not in index.by_city),
        min(len(asked.forms[0].words), 8) / 8,
        float(place and (asked.zip, asked.address.house) not in index.by_house),
        float(place),
    ]


def is_near(city: str, entry: Entry, index: StateIndex) -> bool:
    """By the first three digits of the zips in that city, where a facility is known there."""
    if city.startswith(entry.city) or entry.city.startswith(city) or fuzz.ratio(city, entry.city) > ALIKE:
        return True
    area = entry.zip[:3]
    return bool(area) and area in index.areas_of(city)
