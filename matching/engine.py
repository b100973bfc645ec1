"""Which facilities may an employer mean, how likely is each, and may the first be accepted unseen?"""

from __future__ import annotations

from dataclasses import dataclass

from matching.asking import Asked
from matching.candidates import Close, gathered
from matching.facilities import Employer, Entry
from matching.features import Likeness, features_of, none_features_of
from matching.index import StateIndex
from matching.model import Model, chances
from matching.reasons import doubt_about, why_unlikely

STEPS = (5, 24)
"""So many candidates are compared, and more only while none of them is likely."""
SURE_ENOUGH = 0.6
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A facility that may be meant, with what it was judged by."""

    entry: Entry
    confidence: float
    row: list[float]
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Answer:
    """`auto` with the facility, or `queue` or `none` with the reason; candidates best first in any case."""

    decision: str
    confidence: float
    method: str
    reason: str
    candidates: tuple[Ranked, ...] = ()
    ccn: str | None = None
    """The facility that a stated CCN names."""


def answer(employer: Employer, index: StateIndex, model: Model, accept_at: float) -> Answer:
    """By name and place alone; CCNs and what people decided come before this."""
    asked = Asked(employer)
    if not asked.forms:
        return Answer("none", 0.0, "model", "no_name")
    quick = _exact(asked, index, model)
    if (
        quick
        and quick.confidence >= accept_at
        and not doubt_about(asked, quick.row, quick.entry, quick.likeness, index)
    ):
        return Answer("auto", quick.confidence, "name", "exact_name", (quick,))
    asked.read_with(index)
    return _judged(asked, *ranking(asked, index, model), index, accept_at)


def ranking(asked: Asked, index: StateIndex, model: Model) -> tuple[list[Ranked], float]:
    """Candidates best first, and the probability of "none of these"."""
    close = gathered(index, asked)
    none = model.none_score(none_features_of(asked, index))
    compared: list[tuple[Entry, list[float], Likeness]] = []
    scores: list[float] = []
    likely: list[float] = []
    for many in STEPS:
        _compare(asked, close[len(compared) : many], index, model, compared, scores)
        likely = chances(scores, none)
        if len(compared) >= len(close) or max(likely) >= SURE_ENOUGH:
            break
    found = [Ranked(entry, chance, row, like) for (entry, row, like), chance in zip(compared, likely, strict=True)]
    found.sort(key=lambda each: (-each.confidence, each.entry.facility.ccn))
    return found, 1 - sum(likely)


def _compare(
    asked: Asked,
    close: list[Close],
    index: StateIndex,
    model: Model,
    compared: list[tuple[Entry, list[float], Likeness]],
    scores: list[float],
) -> None:
    for entry, forms in close:
        row, likeness = features_of(asked, entry, forms, index)
        compared.append((entry, row, likeness))
        scores.append(model.score(row))


def _judged(asked: Asked, ranked: list[Ranked], none: float, index: StateIndex, accept_at: float) -> Answer:
    shown = tuple(ranked[:SHOWN])
    if not shown:
        return Answer("none", 0.0, "model", why_unlikely(asked, index, found=False))
    best = shown[0]
    doubt = doubt_about(asked, best.row, best.entry, best.likeness, index)
    if best.confidence >= accept_at and not doubt:
        return Answer("auto", best.confidence, "model", "likely", shown)
    if best.confidence <= none:
        return Answer("none", best.confidence, "model", doubt or why_unlikely(asked, index, found=True), shown)
    tied = len(shown) > 1 and shown[1].confidence > best.confidence / 3
    return Answer("queue", best.confidence, "model", doubt or ("ambiguous" if tied else "unknown_name"), shown)


def _exact(asked: Asked, index: StateIndex, model: Model) -> Ranked | None:
    """The one facility of the place that bears exactly this name, when no other's telling words are the same."""
    form = asked.forms[0]
    found = _there(asked, index.by_key.get(form.key, ()))
    if len(found) != 1:
        return None
    entry = found[0]
    if form.core and len(_there(asked, index.by_core.get(" ".join(sorted(form.core)), ()))) > 1:
        return None
    if asked.zip and entry.zip and asked.zip != entry.zip:
        return None
    if asked.address.house and entry.address.house and asked.address.house != entry.address.house:
        return None
    row, likeness = features_of(asked, entry, entry.forms, index)
    likely = chances([model.score(row)], model.none_score(none_features_of(asked, index)))
    return Ranked(entry, likely[0], row, likeness)


def _there(asked: Asked, found: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(entry for entry in found if entry.city == asked.city) if asked.city else found
