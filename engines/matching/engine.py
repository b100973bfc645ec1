"""Which facilities may an employer be, how likely is each, and can the first be accepted automatically?"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from engines.matching.candidates import find_candidates
from engines.matching.facilities import Employer
from engines.matching.features import Compared, compared, none_signs_of
from engines.matching.index import Forms, StateIndex
from engines.matching.model import Model, chances
from engines.matching.query import Query
from engines.matching.reasons import doubt_about, why_unlikely

SHOWN: Final = 5
"""The maximum number of facilities that are compared in detail and displayed."""


Ranked: TypeAlias = Compared
"""A candidate, with its probability and its features."""


class Answer(NamedTuple):
    """`auto` with the facility, or `queue` or `none` with the reason; candidates are best first in every case."""

    decision: str
    confidence: float
    method: str
    reason: str
    candidates: tuple[Ranked, ...] = ()
    facility_id: str | None = None
    """The facility of a stated key."""


def answer(employer: Employer, index: StateIndex, model: Model, accept_at: float) -> Answer:
    """Resolve an employer by name and place only. Stated keys and people's decisions take precedence over this."""
    query = Query(employer, index.trade)
    if not query.forms:
        return Answer("none", 0.0, "model", "no_name")
    signs, words = none_signs_of(query, index)
    none = model.none_score(signs, words)
    alone = _alone(query, index)
    if alone:
        found = compared(query, alone[0].entry, alone, index)
        found.confidence = model.chance(found, none)
        if found.confidence >= accept_at and not doubt_about(query, found, index):
            exact = found.form.words == found.query.words
            method, reason = ("name", "exact_name") if exact else ("model", "likely")
            return Answer("auto", found.confidence, method, reason, (found,))
    query.read_with(index)
    ranked, none_chance = ranking(query, index, model, none)
    return _judged(query, ranked, none_chance, index, accept_at)


def ranking(query: Query, index: StateIndex, model: Model, none: float) -> tuple[list[Ranked], float]:
    """The candidates, best first, and the probability of "none of these"."""
    found = [compared(query, entry, forms, index) for entry, forms in find_candidates(index, query, SHOWN)]
    likely = chances([model.score(each) for each in found], none)
    for each, confidence in zip(found, likely, strict=True):
        each.confidence = confidence
    found.sort(key=_order)
    return found, 1.0 - sum(likely, 0.0)


def _order(ranked: Ranked) -> tuple[float, str]:
    return -ranked.confidence, ranked.entry.facility.facility_id


def _judged(query: Query, ranked: list[Ranked], none: float, index: StateIndex, accept_at: float) -> Answer:
    shown = tuple(ranked)
    if not shown:
        return Answer("none", 0.0, "model", why_unlikely(query, index, found=False))
    best = shown[0]
    doubt = doubt_about(query, best, index)
    if best.confidence >= accept_at and not doubt:
        return Answer("auto", best.confidence, "model", "likely", shown)
    if best.confidence <= none:
        return Answer("none", best.confidence, "model", doubt or why_unlikely(query, index, found=True), shown)
    tied = len(shown) > 1 and shown[1].confidence > best.confidence / 3
    reason = doubt or ("ambiguous" if tied else why_unlikely(query, index, found=True))
    return Answer("queue", best.confidence, "model", reason, shown)


def _alone(query: Query, index: StateIndex) -> Forms:
    """The names of the only facility of the place with exactly this name, or else of the only one in the city with the
    same core; empty if another has the same core, or the place contradicts it."""
    mine = query.form
    exact = _there(query, index.by_key.get(mine.words, ()))
    alike = _there(query, index.by_core.get(mine.core, ()))
    named = exact or alike
    if not named or not (exact or query.city):
        return ()
    entry = named[0].entry
    for form in alike if len(named) == 1 else (*named, *alike):
        if form.entry is not entry:
            return ()
    if query.zip and entry.zip and query.zip != entry.zip:
        return ()
    if query.address.house and entry.address.house and query.address.house != entry.address.house:
        return ()
    return named


def _there(query: Query, found: Forms) -> Forms:
    city = query.city
    return tuple([form for form in found if form.city is city]) if city else found
