"""Which few facilities are worth a closer look?

Everything is counted a name at a time from what the index brings anyhow: most of what it brings is not meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from matching.asking import Asked
from matching.facilities import Entry, FacilityForm
from matching.index import StateIndex
from matching.words import RARE, WEIGHTS

LONG_LIST = 50
"""A word in more names of the state than this brings only those of the city or zip asked for."""
MANY = 60
FOUND_BY_PLACE = 4.0
"""Whoever lives at the address, or answers at the telephone number, is always among the candidates."""
SAME_KEY = 0.5
SAME_CORE = 0.3
CITY = 0.8
CITY_NAMED = 0.6
CLOSE = 0.15
"""Names of one facility that are as close as this to its closest are compared too."""
FEW = 8
PER_HUNDREDTH = 0.0008
NAMES_EACH = 3

Told: TypeAlias = dict[FacilityForm, float]
Close: TypeAlias = tuple[Entry, list[FacilityForm]]
"""A facility, and those of its names that are most like what was asked."""


def gathered(index: StateIndex, asked: Asked, most: int) -> list[Close]:
    """The facilities most likely meant, by the words and places shared with them; equals in the order of CCN."""
    told = _by_words(index, asked)
    extra = _by_other_keys(index, asked, told)
    if len(told) < FEW:
        _add_city(index, told, asked)
    scores = _scores(asked, told, extra)
    best: dict[Entry, list[FacilityForm]] = {}
    for score, _, form in _closest(scores, NAMES_EACH * most):
        entry = form.entry
        if entry not in best:
            if len(best) < most:
                best[entry] = [form]
        elif score <= CLOSE - scores[best[entry][0]]:
            best[entry].append(form)
    return list(best.items())


def _scores(asked: Asked, told: Told, extra: Told) -> Told:
    """How much of either name the shared words are, roughly, and whether the place agrees."""
    per_weight, city, named = asked.form.per_weight + PER_HUNDREDTH, asked.city, asked.named
    scores = {}
    for form, shared in told.items():
        score = shared * (per_weight + form.per_weight)
        scores[form] = score + CITY if form.city == city else score
    if named:
        for form in scores:
            if form.city in named:
                scores[form] += CITY_NAMED
    for form, worth in extra.items():
        scores[form] += worth
    return scores


def _closest(scores: Told, most: int) -> list[tuple[float, str, FacilityForm]]:
    """Best first; without the far ones before they are put in order."""
    if len(scores) > most:
        floor = sorted(scores.values())[-most]
        found = [(-score, form.order, form) for form, score in scores.items() if score >= floor]
    else:
        found = [(-score, form.order, form) for form, score in scores.items()]
    found.sort()
    return found


def _by_words(index: StateIndex, asked: Asked) -> Told:
    told: Told = {}
    get = told.get
    by_word, by_initials = index.by_word, index.by_initials
    for word in _words(asked):
        forms: Iterable[FacilityForm] = by_word.get(word, ())
        weight = WEIGHTS.get(word, RARE)
        if weight == RARE and word in by_initials:
            forms = (*forms, *by_initials[word])
        elif len(forms) > LONG_LIST:  # type: ignore[arg-type]
            forms = _near(index, word, asked)
        for form in forms:
            told[form] = get(form, 0) + weight
    return told


def _words(asked: Asked) -> Iterable[str]:
    """Those asked for and those that the unknown may stand for."""
    if len(asked.forms) == 1 and not asked.like:
        return asked.form.words
    return frozenset().union(*[form.words for form in asked.forms], *asked.like.values())


def _near(index: StateIndex, word: str, asked: Asked) -> Iterable[FacilityForm]:
    there: Iterable[FacilityForm] = index.by_city_word.get((asked.city, word), ())
    if not asked.named and not asked.zip:
        return there
    found = dict.fromkeys(there)
    for place in asked.named:
        found.update(dict.fromkeys(index.by_city_word.get((place, word), ())))
    if asked.zip:
        found.update(dict.fromkeys(index.by_zip_word.get((asked.zip, word), ())))
    return found


def _by_other_keys(index: StateIndex, asked: Asked, told: Told) -> Told:
    """What speaks for a name beside its words."""
    extra: Told = {}
    for form in asked.forms:
        for entry in index.by_key.get(form.words, ())[:MANY]:
            _add(extra, told, entry, SAME_KEY)
        for entry in index.by_core.get(form.core, ())[:MANY]:
            _add(extra, told, entry, SAME_CORE)
    if asked.zip and asked.address.house:
        for entry in index.by_house.get((asked.zip, asked.address.house), ()):
            _add(extra, told, entry, FOUND_BY_PLACE)
    if asked.phone:
        for entry in index.by_phone.get(asked.phone, ()):
            _add(extra, told, entry, FOUND_BY_PLACE)
    return extra


def _add(extra: Told, told: Told, entry: Entry, worth: float) -> None:
    for form in entry.forms:
        told.setdefault(form, 0)
        extra[form] = extra.get(form, 0.0) + worth


def _add_city(index: StateIndex, told: Told, asked: Asked) -> None:
    for place in (asked.city, *asked.named):
        for entry in index.by_city.get(place, ()):
            for form in entry.forms:
                told.setdefault(form, 0)
