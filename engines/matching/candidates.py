"""Which few facilities are worth a closer look?

Everything is counted a name at a time from what the index brings anyhow: most of what it brings is not meant. The
numbers were chosen on the labelled rows, for the fewest comparisons that leave the truth among five in 99 of 100.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from engines.matching.asking import Asked
from engines.matching.facilities import Entry, FacilityForm
from engines.matching.index import Forms, StateIndex
from engines.matching.names import NO_WORDS
from engines.matching.words import RARE, weight_of

LONG_LIST: Final = 30
"""A word in more names of the state than this brings only those of the city or zip asked for."""
FEW: Final = 6
"""A city of so few facilities brings them all."""
CITY: Final = 1.0
"""Worth as much as half of the words, both ways."""
CITY_NAMED: Final = 0.6
"""Where a city is named inside the name."""
DOOR: Final = 4.0
"""Whoever lives at the address, or answers at the telephone number, is always among the candidates."""
TOLD: Final = 0.0002
"""What each hundredth of a nat shared is worth by itself, beside its share of the names."""
HOPELESS: Final = 0.5
OUT_OF_REACH: Final = 1.0
"""Whoever has less than that share of the best score, or so much less than the best, is not looked at."""
CLOSE: Final = 0.15
"""Names of one facility that are as close as this to its closest are compared too."""

Told: TypeAlias = dict[FacilityForm, int]
Scores: TypeAlias = dict[FacilityForm, float]
Close: TypeAlias = tuple[Entry, list[FacilityForm]]
"""A facility, and those of its names that are most like what was asked."""


def gathered(index: StateIndex, asked: Asked, most: int) -> list[Close]:
    """The facilities most likely meant, by the words and places shared with them; equals in the order of their keys."""
    told = _by_words(index, asked)
    _add_namesakes(index, asked, told)
    _add_city(index, asked, told)
    scores = _scores(asked, told)
    if asked.zip or asked.phone:
        _add_door(index, asked, scores)
    if not scores:
        return []
    highest = max(scores.values())
    floor = max(HOPELESS * highest, highest - OUT_OF_REACH)
    found = sorted([(-score, form.order, form) for form, score in scores.items() if score >= floor])
    best: dict[Entry, list[FacilityForm]] = {}
    for score, _, form in found:
        forms = best.get(form.entry)
        if forms is None:
            if len(best) == most:
                break
            best[form.entry] = [form]
        elif score <= CLOSE - scores[forms[0]]:
            forms.append(form)
    return list(best.items())


def _scores(asked: Asked, told: Told) -> Scores:
    """How much of either name the shared words are, roughly, and whether the place agrees."""
    per_weight, city, named = asked.form.per_weight + TOLD, asked.city, asked.named
    scores = {}
    for form, shared in told.items():
        score = shared * (per_weight + form.per_weight)
        scores[form] = score + CITY if form.city is city else score  # interned, and so one object
    if named:
        for form in scores:
            if form.city in named:
                scores[form] += CITY_NAMED
    return scores


def _by_words(index: StateIndex, asked: Asked) -> Told:
    told: Told = {}
    by_word, by_initials, weights = index.by_word, index.by_initials, asked.trade.weights
    for word in _words(asked):
        forms = by_word.get(word, ())
        weight = weights.get(word, RARE)
        if weight == RARE and word in by_initials:
            forms = (*forms, *by_initials[word])
        elif len(forms) > LONG_LIST:
            forms = _near(index, word, asked)
        for form in forms:
            told[form] = told.get(form, 0) + weight
    return told


def _words(asked: Asked) -> frozenset[str]:
    """Those asked for and those that the unknown may stand for."""
    if len(asked.forms) == 1 and not asked.like:
        return asked.form.words
    return NO_WORDS.union(*[form.words for form in asked.forms], *asked.like.values())


def _near(index: StateIndex, word: str, asked: Asked) -> Forms:
    there = index.by_city_word.get((asked.city, word), ())
    if not asked.named and not asked.zip:
        return there
    found = dict.fromkeys(there)
    for place in asked.named:
        found.update(dict.fromkeys(index.by_city_word.get((place, word), ())))
    if asked.zip:
        found.update(dict.fromkeys(index.by_zip_word.get((asked.zip, word), ())))
    return tuple(found)


def _add_namesakes(index: StateIndex, asked: Asked, told: Told) -> None:
    """Those of exactly this name, or of the same telling words, though each word may be borne by many."""
    for form in asked.forms:
        for same in _here(asked, index.by_key.get(form.words, ())):
            told[same] = form.weight
        alike = _here(asked, index.by_core.get(form.core, ()))
        if alike:
            weight = weight_of(form.core, asked.trade.weights)
            for each in alike:
                if told.get(each, 0) < weight:
                    told[each] = weight


def _here(asked: Asked, found: Forms) -> Forms:
    return found if len(found) <= LONG_LIST else tuple([form for form in found if form.city == asked.city])


def _add_city(index: StateIndex, asked: Asked, told: Told) -> None:
    for place in (asked.city, *asked.named):
        there = index.by_city.get(place, ())
        if len(there) <= FEW:
            for entry in there:
                told.setdefault(entry.forms[0], 0)


def _add_door(index: StateIndex, asked: Asked, scores: Scores) -> None:
    there = index.by_house.get((asked.zip, asked.address.house), ()) if asked.zip and asked.address.house else ()
    for entry in (*there, *index.by_phone.get(asked.phone, ())):
        for form in entry.forms:
            scores[form] = scores.get(form, 0.0) + DOOR
