"""Which few facilities are compared in detail?

Scores are computed per name from what the index returns, because most of it is irrelevant. The constants were chosen
on the labeled rows, for the fewest comparisons that keep the right facility among five in 99 of 100 cases.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from engines.matching.facilities import Entry, FacilityForm
from engines.matching.index import Forms, StateIndex
from engines.matching.names import NO_WORDS
from engines.matching.query import Query
from engines.matching.words import RARE, weight_of

LONG_LIST: Final = 30
"""A word in more names of the state than this finds only those of the queried city or ZIP code."""
FEW: Final = 6
"""A city with at most this many facilities finds them all."""
CITY: Final = 1.0
"""Counts as much as half of the words of both names."""
CITY_NAMED: Final = 0.6
"""If a city is part of the name."""
DOOR: Final = 4.0
"""A facility at the address or telephone number is always among the candidates."""
SHARED_BONUS: Final = 0.0002
"""The score of each shared hundredth of a nat by itself, in addition to its share of the names."""
HOPELESS: Final = 0.5
OUT_OF_REACH: Final = 1.0
"""Names below `HOPELESS` times the best score, or more than this below it, are excluded."""
CLOSE: Final = 0.15
"""Names of one facility whose scores are this close to its best are compared too."""

SharedWeights: TypeAlias = dict[FacilityForm, int]
Scores: TypeAlias = dict[FacilityForm, float]
Close: TypeAlias = tuple[Entry, list[FacilityForm]]
"""A facility, with its most similar names."""


def find_candidates(index: StateIndex, query: Query, most: int) -> list[Close]:
    """The most likely facilities, by shared words and places; equal ones in the order of their keys."""
    shared_weights = _by_words(index, query)
    _add_namesakes(index, query, shared_weights)
    _add_city(index, query, shared_weights)
    scores = _scores(query, shared_weights)
    if query.zip or query.phone:
        _add_door(index, query, scores)
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


def _scores(query: Query, shared_weights: SharedWeights) -> Scores:
    """The approximate share of the common words in both names, plus a bonus for the same place."""
    per_weight, city, named = query.form.per_weight + SHARED_BONUS, query.city, query.named
    scores = {}
    for form, shared in shared_weights.items():
        score = shared * (per_weight + form.per_weight)
        scores[form] = score + CITY if form.city is city else score  # interned, and so one object
    if named:
        for form in scores:
            if form.city in named:
                scores[form] += CITY_NAMED
    return scores


def _by_words(index: StateIndex, query: Query) -> SharedWeights:
    shared_weights: SharedWeights = {}
    by_word, by_initials, weights = index.by_word, index.by_initials, query.trade.weights
    for word in _words(query):
        forms = by_word.get(word, ())
        weight = weights.get(word, RARE)
        if weight == RARE and word in by_initials:
            forms = (*forms, *by_initials[word])
        elif len(forms) > LONG_LIST:
            forms = _near(index, word, query)
        for form in forms:
            shared_weights[form] = shared_weights.get(form, 0) + weight
    return shared_weights


def _words(query: Query) -> frozenset[str]:
    """The words of the query, and those that unknown words may stand for."""
    if len(query.forms) == 1 and not query.like:
        return query.form.words
    return NO_WORDS.union(*[form.words for form in query.forms], *query.like.values())


def _near(index: StateIndex, word: str, query: Query) -> Forms:
    there = index.by_city_word.get((query.city, word), ())
    if not query.named and not query.zip:
        return there
    found = dict.fromkeys(there)
    for place in query.named:
        found.update(dict.fromkeys(index.by_city_word.get((place, word), ())))
    if query.zip:
        found.update(dict.fromkeys(index.by_zip_word.get((query.zip, word), ())))
    return tuple(found)


def _add_namesakes(index: StateIndex, query: Query, shared_weights: SharedWeights) -> None:
    """Names with exactly the same words or the same core, even if each word by itself is common."""
    for form in query.forms:
        for same in _here(query, index.by_key.get(form.words, ())):
            shared_weights[same] = form.weight
        alike = _here(query, index.by_core.get(form.core, ()))
        if alike:
            weight = weight_of(form.core, query.trade.weights)
            for each in alike:
                if shared_weights.get(each, 0) < weight:
                    shared_weights[each] = weight


def _here(query: Query, found: Forms) -> Forms:
    return found if len(found) <= LONG_LIST else tuple([form for form in found if form.city == query.city])


def _add_city(index: StateIndex, query: Query, shared_weights: SharedWeights) -> None:
    for place in (query.city, *query.named):
        there = index.by_city.get(place, ())
        if len(there) <= FEW:
            for entry in there:
                shared_weights.setdefault(entry.forms[0], 0)


def _add_door(index: StateIndex, query: Query, scores: Scores) -> None:
    there = index.by_house.get((query.zip, query.address.house), ()) if query.zip and query.address.house else ()
    for entry in (*there, *index.by_phone.get(query.phone, ())):
        for form in entry.forms:
            scores[form] = scores.get(form, 0.0) + DOOR
