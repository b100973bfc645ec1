"""Which few facilities are worth a closer look?"""

from __future__ import annotations

from collections.abc import Iterable

from matching.asking import Asked
from matching.facilities import Entry, Form
from matching.index import StateIndex
from matching.words import RARE, WEIGHTS

LONG_LIST = 60
"""A word borne by more facilities of the state than this brings only those of the city or zip asked for."""
MANY = 60
FOUND_BY_PLACE = 40.0
"""Whoever lives at the address, or answers at the telephone number, is always among the candidates."""
POOL = 24
"""Found by words and places, and then compared roughly."""
NEARBY = 0.5
ROUGHLY = 0.15
MORE = 24
"""Compared closely where none of the few is likely."""


Close = tuple[Entry, tuple[Form, ...]]
"""A facility, and those of its names that are most like what was asked."""


def gathered(index: StateIndex, asked: Asked) -> list[Close]:
    """The facilities most likely meant, by the words and places shared with them; equals in the order of CCN."""
    score = _by_words(index, asked)
    for form in asked.forms:
        for entry in index.by_key.get(form.key, ())[:MANY]:
            score[entry] = score.get(entry, 0.0) + 6.0
        for entry in index.by_core.get(" ".join(sorted(form.core)), ())[:MANY]:
            score[entry] = score.get(entry, 0.0) + 4.0
    _add_places(index, asked, score, MORE)
    closest = sorted(score.items(), key=_place)[:POOL] if len(score) > POOL else list(score.items())
    places = asked.places
    alike = []
    for entry, found in closest:
        likeness, forms = _likeness(asked, entry)
        alike.append(
            (found * 0.08 + likeness + (NEARBY if entry.city in places else 0.0), entry.facility.ccn, entry, forms)
        )
    alike.sort(key=_order)
    return [(entry, forms) for _, _, entry, forms in alike[:MORE]]


def _order(found: tuple[float, str, Entry, tuple[Form, ...]]) -> tuple[float, str]:
    return -found[0], found[1]


def _place(pair: tuple[Entry, float]) -> tuple[float, str]:
    return -pair[1], pair[0].facility.ccn


def _by_words(index: StateIndex, asked: Asked) -> dict[Entry, float]:
    score: dict[Entry, float] = {}
    places = asked.places
    for word in asked.words:
        found: Iterable[Entry] = index.by_word.get(word, ())
        weight = WEIGHTS.get(word, RARE)
        if weight == RARE and word in index.by_initials:
            found = (*found, *index.by_initials[word])
        elif len(found) > LONG_LIST:  # type: ignore[arg-type]
            found = _near(index, word, places, asked.zip)
        for entry in found:
            score[entry] = score.get(entry, 0.0) + weight
    return score


def _likeness(asked: Asked, entry: Entry) -> tuple[float, tuple[Form, ...]]:
    """How much of either name the shared words are, roughly; of the best pair of names, and the names near to it."""
    forms = entry.forms
    weights, words, per_weight = WEIGHTS.get, asked.all_words, asked.per_weight
    found = []
    for form in forms:
        shared = 0.0
        for word in words & form.words:
            shared += weights(word, RARE)
        found.append(shared * (per_weight + form.per_weight))
    best = max(found)
    if len(forms) == 1:
        return best, forms
    return best, tuple([form for form, each in zip(forms, found, strict=True) if each >= best - ROUGHLY])


def _near(index: StateIndex, word: str, places: Iterable[str], zip5: str) -> Iterable[Entry]:
    found: dict[Entry, None] = {}
    for place in places:
        found.update(dict.fromkeys(index.by_city_word.get((place, word), ())))
    if zip5:
        found.update(dict.fromkeys(index.by_zip_word.get((zip5, word), ())))
    return found


def _add_places(index: StateIndex, asked: Asked, score: dict[Entry, float], enough: int) -> None:
    if asked.zip and asked.address.house:
        for entry in index.by_house.get((asked.zip, asked.address.house), ()):
            score[entry] = score.get(entry, 0.0) + FOUND_BY_PLACE
    if asked.phone:
        for entry in index.by_phone.get(asked.phone, ()):
            score[entry] = score.get(entry, 0.0) + FOUND_BY_PLACE
    places = asked.places
    if not places:
        return
    for entry in score:
        if entry.city == asked.city:
            score[entry] += 3.0
        elif entry.city in places:
            score[entry] += 2.0
    if len(score) < enough:
        for place in places:
            for entry in index.by_city.get(place, ()):
                score.setdefault(entry, 1.0)
