"""How alike are two names by the source's rule (R14), and which of its answers can be trusted?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from services.matcher.domain.directory import StateIndex, trigram_similarities
from services.matcher.domain.policy import Blend, Words

POOL = 40
"""Forms looked at by either similarity; more changed no answer on the New York feed."""
FLOOR = 0.45
"""Below this a candidate is noise to the person who decides."""
SAME_WORD = 80.0
"""`fuzz.ratio` from which two words pass for one, misspelt."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A facility's best form against the best form of the employer's name."""

    ccn: str
    score: float
    asked: str
    form: str


def best_by_blend(index: StateIndex, texts: Iterable[str], city: str, blend: Blend) -> list[Scored]:
    """The facilities most alike, best first; equal scores by CCN."""
    best: dict[str, Scored] = {}
    for text in texts:
        for number, score in _blended(index, text, city, blend):
            form = index.forms[number]
            if score >= FLOOR and (form.ccn not in best or score > best[form.ccn].score):
                best[form.ccn] = Scored(form.ccn, score, text, form.text)
    return sorted(best.values(), key=lambda each: (-each.score, each.ccn))[: blend.candidates + 1]


def is_same_by_words(scored: Scored, city: str, words: Words) -> bool:
    """Token-set similarity gives 100 to any subset: each telling word has to have its like on the other side.

    Misspelt words of the trade ("Helath") are no telling words.
    """
    place, generic = set(city.split()), set(words.generic)
    asked, form = ([word for word in text.split() if word not in generic] for text in (scored.asked, scored.form))
    strange = _unlike(_unlike(asked, scored.form.split()) + _unlike(form, scored.asked.split()), list(generic))
    return any(word not in place for word in asked) and all(word in place for word in strange)


def _unlike(these: list[str], those: list[str]) -> list[str]:
    return [word for word in these if not process.extractOne(word, those, scorer=fuzz.ratio, score_cutoff=SAME_WORD)]


def _blended(index: StateIndex, text: str, city: str, blend: Blend) -> list[tuple[int, float]]:
    trigram = trigram_similarities(index, text)
    token = {
        number: similarity / 100
        for _, similarity, number in process.extract(text, index.texts, scorer=fuzz.token_set_ratio, limit=POOL)
    }
    closest = sorted(trigram, key=lambda number: (-trigram[number], number))[:POOL]
    for number in closest:
        if number not in token:
            token[number] = fuzz.token_set_ratio(text, index.texts[number]) / 100
    return [
        (number, min(1.0, blend.token_set * alike + blend.trigram * trigram.get(number, 0.0) + near))
        for number, alike in token.items()
        for near in [blend.same_city if city and index.places[index.forms[number].ccn] == city else 0.0]
    ]
