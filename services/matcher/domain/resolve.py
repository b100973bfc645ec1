"""Which facility does an employer's name mean, how sure is that, and why not surer?

The seam to the rest of the service is `resolve`: an employer and a directory in, a decision out. Order of decisions:
CCN, a person's word, exact name, chain in a city, the blend of R14, and otherwise the inbox with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.matcher.domain.blend import Scored, best_by_blend, is_same_by_words
from services.matcher.domain.directory import Directory, Facility, Group, StateIndex
from services.matcher.domain.names import core_of, forms_of_employer, has_phrase, key_of, normalise, place_of
from services.matcher.domain.policy import Policy

REMEMBERED = 50_000
RIVAL = 0.75
"""From here on a facility of the posting's own city puts a namesake elsewhere in doubt (5 of 6 errors measured)."""


@dataclass(frozen=True, slots=True)
class Employer:
    """Who posted, as the source says it."""

    name: str
    city: str | None = None
    state: str | None = None
    ccn: str | None = None

    @property
    def group(self) -> Group:
        return Group(normalise(self.name) or self.name.strip().lower(), place_of(self.city), self.state or "")


@dataclass(frozen=True, slots=True)
class Candidate:
    ccn: str
    name: str
    city: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """`matched` with a CCN, `queued` or `ignored` with a reason."""

    outcome: str
    reason: str
    ccn: str | None = None
    confidence: float | None = None
    method: str | None = None
    candidates: tuple[Candidate, ...] = ()
    decided_by: str | None = None


def resolve(employer: Employer, directory: Directory, policy: Policy) -> Decision:
    """The same employer is answered from memory until the directory changes: postings repeat themselves."""
    if employer not in directory.answers:
        if len(directory.answers) >= REMEMBERED:
            directory.answers.clear()
        directory.answers[employer] = _resolved(employer, directory, policy)
    answer: Decision = directory.answers[employer]
    return answer


def _resolved(employer: Employer, directory: Directory, policy: Policy) -> Decision:
    decision = _by_ccn(employer, directory, policy) or _by_person(employer.group, directory, policy)
    if decision:
        return decision
    if not employer.state:
        return Decision("queued", "no_state")
    found = _by_name(employer, directory, policy)
    verdict = directory.verdicts.get(employer.group)
    if verdict and found.outcome == "queued":
        return Decision("queued", verdict.reason, candidates=found.candidates, decided_by=verdict.by)
    return found


def _by_ccn(employer: Employer, directory: Directory, policy: Policy) -> Decision | None:
    facility = directory.facilities.get(employer.ccn or "")
    if not facility:
        return None
    if not facility.listed:
        return Decision("queued", "delisted")
    if employer.state and employer.state != facility.state:
        return Decision("queued", "ccn_conflict", candidates=_candidates(directory, [(facility.ccn, 0.5)]))
    return _matched(facility.ccn, policy.certainty.ccn, "ccn")


def _by_person(group: Group, directory: Directory, policy: Policy) -> Decision | None:
    alias, verdict = directory.aliases.get(group), directory.verdicts.get(group)
    if alias:
        listed = alias.ccn in directory.facilities and directory.facilities[alias.ccn].listed
        confirmed = _matched(alias.ccn, policy.certainty.alias, "alias", alias.by)
        return confirmed if listed else Decision("queued", "delisted")
    if verdict and verdict.is_final:
        return Decision("ignored", verdict.reason, method="person", decided_by=verdict.by)
    return None


def _by_name(employer: Employer, directory: Directory, policy: Policy) -> Decision:
    index, city = directory.of_state(employer.state or ""), place_of(employer.city)
    texts = forms_of_employer(employer.name)
    scored = best_by_blend(index, texts, city, policy.blend)
    accepted = _exact(index, texts, city, scored, policy) or _chain(index, texts, city, policy)
    accepted = accepted or _core(index, texts[:1], city, policy) or _blended(index, scored, city, policy)
    shown = _candidates(directory, _merged(accepted, scored)[: policy.blend.candidates])
    reason = accepted.reason or _foreign_trade(directory.facilities.get(accepted.ccn or ""), texts, policy)
    if reason:
        return Decision("queued", reason, candidates=shown)
    if accepted.ccn:
        return _matched(accepted.ccn, accepted.confidence, accepted.method, candidates=shown)
    return Decision("queued", _why_unknown(index, texts, shown), candidates=shown)


@dataclass(frozen=True, slots=True)
class _Finding:
    """One step's answer: a facility, or the reason why none of `among` is sure."""

    ccn: str | None = None
    confidence: float = 0.0
    method: str = ""
    reason: str = ""
    among: tuple[str, ...] = ()


def _exact(index: StateIndex, texts: Iterable[str], city: str, scored: list[Scored], policy: Policy) -> _Finding | None:
    key = next((key for key in map(key_of, texts) if key in index.by_key), None)
    if key is None:
        return None
    named = index.by_key[key]
    in_city = [ccn for ccn in sorted(named) if city and index.places[ccn] == city]
    only = in_city if len(in_city) == 1 else sorted(named)
    if len(only) == 1 and not in_city:
        rivals = [each.ccn for each in scored if index.places[each.ccn] == city and each.score >= RIVAL]
        if rivals:
            return _Finding(reason="city_conflict", among=(only[0], *rivals))
    if len(only) == 1:
        return _Finding(only[0], policy.certainty.name, "name")
    return _Finding(reason="ambiguous" if key in index.own else "shared_alias", among=tuple(in_city or only))


def _chain(index: StateIndex, texts: Iterable[str], city: str, policy: Policy) -> _Finding | None:
    members = next((hit for text in texts if (hit := index.chains.get(key_of(text)))), None)
    if not members:
        return None
    in_city = [ccn for ccn in sorted(members) if city and index.places[ccn] == city]
    if len(in_city) == 1:
        return _Finding(in_city[0], policy.certainty.chain_in_city, "chain")
    return _Finding(reason="chain_only", among=tuple(in_city))


def _core(index: StateIndex, texts: Iterable[str], city: str, policy: Policy) -> _Finding | None:
    """The telling words alone, of one facility in the city; without a city, of one in the state and of the trade.

    Measured on the national rows: right in all but 1 %; with one word, or none of the trade, or the city's name as the
    only word, it is right far less often, and the blend decides.
    """
    for text in texts:
        words = core_of(text, frozenset(policy.words.generic))
        named = sorted(index.by_core.get(words, ()) if words else ())
        likely = [ccn for ccn in named if not city or index.places[ccn] == city]
        if len(likely) != 1 or set(words.split()) <= set(index.places[likely[0]].split()):
            continue
        of_trade = any(has_phrase(text, word) for word in policy.words.own_trade)
        if (city and of_trade) or (" " in words and (city or of_trade)):
            return _Finding(likely[0], policy.certainty.core, "core")
    return None


def _blended(index: StateIndex, scored: list[Scored], city: str, policy: Policy) -> _Finding:
    if not scored or scored[0].score < policy.blend.accept_at:
        return _Finding()
    best = scored[0]
    if len(scored) > 1 and scored[1].score >= best.score:
        return _Finding(reason="ambiguous")
    if not is_same_by_words(best, index.places[best.ccn], policy.words):
        return _Finding(reason="unknown_name")
    if city and index.places[best.ccn] != city:
        return _Finding(reason="city_conflict")
    return _Finding(best.ccn, best.score, "blend")


def _foreign_trade(facility: Facility | None, texts: tuple[str, ...], policy: Policy) -> str:
    """A hospital or a home-care service of the same name is not the facility, unless the registry calls it so."""
    if not facility:
        return ""
    own = normalise(facility.name)
    if any(has_phrase(texts[0], word) and not has_phrase(own, word) for word in policy.words.other_trade):
        return "other_trade"
    is_parent = any(has_phrase(texts[0], word) for word in policy.words.parent)
    says_own = any(has_phrase(texts[0], word) for word in policy.words.own_trade)
    return "hospital_parent" if is_parent and not says_own and own not in texts else ""


def _why_unknown(index: StateIndex, texts: Iterable[str], shown: tuple[Candidate, ...]) -> str:
    if any(key_of(text) in index.delisted for text in texts):
        return "delisted"
    return "unknown_name" if shown else "no_candidate"


def _merged(accepted: _Finding, scored: list[Scored]) -> list[tuple[str, float]]:
    """What an earlier step found stands first; the blend fills up."""
    first = [accepted.ccn] if accepted.ccn else list(accepted.among)
    sure = accepted.confidence or 1 / max(len(first), 1)
    rest = [(each.ccn, each.score) for each in scored if each.ccn not in first]
    return [(ccn, sure) for ccn in first] + rest


def _candidates(directory: Directory, scored: Iterable[tuple[str, float]]) -> tuple[Candidate, ...]:
    known = ((directory.facilities[ccn], score) for ccn, score in scored)
    return tuple(Candidate(each.ccn, each.name, each.city, round(score, 4)) for each, score in known)


def _matched(
    ccn: str, confidence: float, method: str, by: str | None = None, candidates: tuple[Candidate, ...] = ()
) -> Decision:
    return Decision("matched", "", ccn, round(confidence, 4), method, candidates, by)
