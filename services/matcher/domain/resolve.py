"""Which facility does an employer match, and with what confidence?

A decision follows from an employer and a directory. The account key counts first, then a person's decision, and then
the engine (`engines/matching/`), fitted or by the source's rule, which the command line shares. Two facts that only the
service has can change the engine's match: the chains with one facility in a city, and disputed matches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from engines.matching.by_rule import RuleAnswer, resolved_by_rule
from engines.matching.directory import resolved
from engines.matching.engine import Answer, Ranked
from engines.matching.facilities import Employer
from engines.matching.model import Model
from engines.matching.names import has_phrase
from engines.matching.source_rule import Likely
from engines.matching.trade import Trade
from services.matcher.domain.directory import Directory, Group, chain_of, group_of

__all__ = ["Candidate", "Decision", "Employer", "considered", "resolve", "setting_of"]

_WORD = re.compile(r"[a-z]+")
DISPUTED = "disputed"
"""A person who did not see the match named another facility, or none: the engine's match of the group is ignored."""
MAY_BE_CHAIN = frozenset({"chain_only", "unknown_name", "no_candidate"})
OF_CHAIN = 0.98
"""Of 390 labeled rows that name a chain with one facility in the city, 385 belonged to that facility."""


class Candidate(NamedTuple):
    facility_id: str
    name: str
    city: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """`matched` with a facility, `queued` or `ignored` with a reason."""

    outcome: str
    reason: str
    facility_id: str | None = None
    confidence: float | None = None
    method: str | None = None
    candidates: tuple[Candidate, ...] = ()
    decided_by: str | None = None


def setting_of(title: str | None, trade: Trade) -> str | None:
    """The setting of a job, such as a ward, if its title names one."""
    words = " ".join(_WORD.findall((title or "").lower()))
    return next((phrase for phrase in trade.titles if has_phrase(words, phrase)), None)


def resolve(employer: Employer, directory: Directory, model: Model | None, accept_at: float) -> Decision:
    """The decision on an employer, without a model by the source's rule.

    Decisions are cached until the directory changes, because employers repeat.
    """
    employer = _with_setting(employer, directory.trade)
    cached: Decision | None = directory.decisions.get(employer)
    return cached or directory.decisions.keep(employer, considered(employer, directory, model, accept_at)[0])


def considered(
    employer: Employer, directory: Directory, model: Model | None, accept_at: float
) -> tuple[Decision, Answer | RuleAnswer]:
    """The decision, and the answer of the engine."""
    employer = _with_setting(employer, directory.trade)
    answer = (
        resolved(employer, directory.index, model, accept_at)
        if model
        else resolved_by_rule(employer, directory.index, directory.rules, accept_at)
    )
    if answer.method == "facility_id":
        return _of_answer(answer, directory), answer
    group = group_of(employer, directory.trade)
    by_person = _by_person(group, directory)
    return by_person or _by_engine(employer, group, answer, directory), answer


def _with_setting(employer: Employer, trade: Trade) -> Employer:
    """The employer with its title reduced to the setting, the only relevant part, so that fewer decisions differ."""
    return replace(employer, title=setting_of(employer.title, trade)) if employer.title else employer


def _by_person(group: Group, directory: Directory) -> Decision | None:
    alias, verdict = directory.aliases.get(group), directory.verdicts.get(group)
    if alias:
        listed = alias.facility_id in directory.facilities and directory.facilities[alias.facility_id].listed
        confirmed = Decision("matched", "", alias.facility_id, 1.0, "alias", decided_by=alias.by)
        return confirmed if listed else Decision("queued", "delisted")
    if verdict and verdict.is_final:
        return Decision("ignored", verdict.reason, method="person", decided_by=verdict.by)
    return None


def _by_engine(employer: Employer, group: Group, answer: Answer | RuleAnswer, directory: Directory) -> Decision:
    """The engine's match, unless a chain or a dispute overrides it."""
    found = _of_answer(answer, directory)
    if answer.reason in MAY_BE_CHAIN and employer.city and employer.state:
        found = _only_of_chain(employer.name, employer.city, employer.state, directory) or found
    verdict = directory.verdicts.get(group)
    if verdict and (found.outcome == "queued" or verdict.reason == DISPUTED):
        return Decision("queued", verdict.reason, candidates=found.candidates, decided_by=verdict.by)
    return found


def _only_of_chain(name: str, city: str, state: str, directory: Directory) -> Decision | None:
    """The facility of a chain in a city where it has only one; of several, a person chooses."""
    chain = chain_of(name, city, state, directory.trade)
    there = directory.chains.get(chain, frozenset()) if chain.employer else frozenset()
    if len(there) != 1:
        return None
    facility = directory.facilities[next(iter(there))]
    candidate = Candidate(facility.facility_id, facility.name, facility.city, OF_CHAIN)
    return Decision("matched", "", facility.facility_id, OF_CHAIN, "chain", (candidate,))


def _of_answer(answer: Answer | RuleAnswer, directory: Directory) -> Decision:
    candidates = tuple(map(_candidate, answer.candidates))
    if answer.decision == "auto":
        facility_id = answer.facility_id or candidates[0].facility_id
        return Decision("matched", "", facility_id, round(answer.confidence, 4), answer.method, candidates)
    if answer.facility_id:
        named = directory.facilities[answer.facility_id]
        candidates = (Candidate(named.facility_id, named.name, named.city, answer.confidence),)
    return Decision("queued", answer.reason, candidates=candidates)


def _candidate(ranked: Ranked | Likely) -> Candidate:
    facility, confidence = (
        (ranked.facility, ranked.score) if isinstance(ranked, Likely) else (ranked.entry.facility, ranked.confidence)
    )
    return Candidate(facility.facility_id, facility.name, facility.city, round(confidence, 4))
