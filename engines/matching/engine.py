"""Which facilities may an employer mean, how likely is each, and may the first be accepted unseen?"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from engines.matching.asking import Asked
from engines.matching.candidates import gathered
from engines.matching.facilities import Employer
from engines.matching.features import Compared, compared, none_signs_of
from engines.matching.index import Forms, StateIndex
from engines.matching.model import Model, chances
from engines.matching.reasons import doubt_about, why_unlikely

SHOWN: Final = 5
"""Facilities compared and shown; many more are soon seen not to be meant."""


Ranked: TypeAlias = Compared
"""A facility that may be meant, how likely, and what it was judged by."""


class Answer(NamedTuple):
    """`auto` with the facility, or `queue` or `none` with the reason; candidates best first in any case."""

    decision: str
    confidence: float
    method: str
    reason: str
    candidates: tuple[Ranked, ...] = ()
    facility_id: str | None = None
    """The facility that a stated key names."""


def answer(employer: Employer, index: StateIndex, model: Model, accept_at: float) -> Answer:
    """By name and place alone; keys and what people decided come before this."""
    asked = Asked(employer, index.trade)
    if not asked.forms:
        return Answer("none", 0.0, "model", "no_name")
    signs, words = none_signs_of(asked, index)
    none = model.none_score(signs, words)
    alone = _alone(asked, index)
    if alone:
        found = compared(asked, alone[0].entry, alone, index)
        found.confidence = model.chance(found, none)
        if found.confidence >= accept_at and not doubt_about(asked, found, index):
            exact = found.form.words == found.asked.words
            method, reason = ("name", "exact_name") if exact else ("model", "likely")
            return Answer("auto", found.confidence, method, reason, (found,))
    asked.read_with(index)
    ranked, nobody = ranking(asked, index, model, none)
    return _judged(asked, ranked, nobody, index, accept_at)


def ranking(asked: Asked, index: StateIndex, model: Model, none: float) -> tuple[list[Ranked], float]:
    """Candidates best first, and the probability of "none of these"."""
    found = [compared(asked, entry, forms, index) for entry, forms in gathered(index, asked, SHOWN)]
    likely = chances([model.score(each) for each in found], none)
    for each, confidence in zip(found, likely, strict=True):
        each.confidence = confidence
    found.sort(key=_order)
    return found, 1.0 - sum(likely, 0.0)


def _order(ranked: Ranked) -> tuple[float, str]:
    return -ranked.confidence, ranked.entry.facility.facility_id


def _judged(asked: Asked, ranked: list[Ranked], none: float, index: StateIndex, accept_at: float) -> Answer:
    shown = tuple(ranked)
    if not shown:
        return Answer("none", 0.0, "model", why_unlikely(asked, index, found=False))
    best = shown[0]
    doubt = doubt_about(asked, best, index)
    if best.confidence >= accept_at and not doubt:
        return Answer("auto", best.confidence, "model", "likely", shown)
    if best.confidence <= none:
        return Answer("none", best.confidence, "model", doubt or why_unlikely(asked, index, found=True), shown)
    tied = len(shown) > 1 and shown[1].confidence > best.confidence / 3
    reason = doubt or ("ambiguous" if tied else why_unlikely(asked, index, found=True))
    return Answer("queue", best.confidence, "model", reason, shown)


def _alone(asked: Asked, index: StateIndex) -> Forms:
    """The names of the one facility of the place that bears exactly this name, or else of the only one in the city with
    the same telling words; nothing where another has the same telling words, or the place speaks against it."""
    mine = asked.form
    exact = _there(asked, index.by_key.get(mine.words, ()))
    alike = _there(asked, index.by_core.get(mine.core, ()))
    named = exact or alike
    if not named or not (exact or asked.city):
        return ()
    entry = named[0].entry
    for form in alike if len(named) == 1 else (*named, *alike):
        if form.entry is not entry:
            return ()
    if asked.zip and entry.zip and asked.zip != entry.zip:
        return ()
    if asked.address.house and entry.address.house and asked.address.house != entry.address.house:
        return ()
    return named


def _there(asked: Asked, found: Forms) -> Forms:
    city = asked.city
    return tuple([form for form in found if form.city is city]) if city else found
