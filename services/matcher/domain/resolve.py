"""Which facility does an employer's name mean, how sure is that, and why not surer?

An employer and a directory in, a decision out. Order of decisions: the key, a person's word, and then the fitted engine
that the command line shares (`engines/matching/`), whose answer is held against what only the service knows: that every
posting that comes so far is of a job at a facility, and what people doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from engines.matching.directory import resolved
from engines.matching.engine import Answer, Ranked
from engines.matching.facilities import Employer
from engines.matching.model import Model
from engines.matching.names import has_phrase
from engines.matching.trade import Trade
from services.matcher.domain.directory import Directory, Group, chain_of, group_of

__all__ = ["Candidate", "Decision", "Employer", "considered", "resolve", "setting_of"]

_WORD = re.compile(r"[a-z]+")
DISPUTED = "disputed"
"""A person who was asked blind named another facility, or none: the engine's word on the group no longer counts."""
MAY_BE_CHAIN = frozenset({"chain_only", "unknown_name", "no_candidate"})
OF_CHAIN = 0.98
"""Of 390 labelled rows that name a chain with one facility in the city, 385 meant that facility."""


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
    """Where a job is, if its title says so."""
    words = " ".join(_WORD.findall((title or "").lower()))
    return next((phrase for phrase in trade.titles if has_phrase(words, phrase)), None)


def resolve(employer: Employer, directory: Directory, model: Model, accept_at: float) -> Decision:
    """The same employer is answered from memory until the directory changes: postings repeat themselves."""
    employer = _with_setting(employer, directory.trade)
    known: Decision | None = directory.answers.get(employer)
    return known or directory.answers.keep(employer, considered(employer, directory, model, accept_at)[0])


def considered(employer: Employer, directory: Directory, model: Model, accept_at: float) -> tuple[Decision, Answer]:
    """What is decided, and what the engine says by itself."""
    employer = _with_setting(employer, directory.trade)
    answer = resolved(employer, directory.known, model, accept_at)
    if answer.method == "facility_id":
        return _of_answer(answer, directory), answer
    group = group_of(employer, directory.trade)
    spoken = _by_person(group, directory)
    return spoken or _held_against(employer, group, answer, directory), answer


def _with_setting(employer: Employer, trade: Trade) -> Employer:
    """Of a title only this tells anything, and so employers with many titles are answered once."""
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


def _held_against(employer: Employer, group: Group, answer: Answer, directory: Directory) -> Decision:
    """The engine's word, unless a chain or a person's doubt says otherwise."""
    found = _of_answer(answer, directory)
    if answer.reason in MAY_BE_CHAIN and employer.city and employer.state:
        found = _only_of_chain(employer.name, employer.city, employer.state, directory) or found
    verdict = directory.verdicts.get(group)
    if verdict and (found.outcome == "queued" or verdict.reason == DISPUTED):
        return Decision("queued", verdict.reason, candidates=found.candidates, decided_by=verdict.by)
    return found


def _only_of_chain(name: str, city: str, state: str, directory: Directory) -> Decision | None:
    """A chain and a city where it has one facility mean that facility; of several, a person picks."""
    chain = chain_of(name, city, state, directory.trade)
    there = directory.chains.get(chain, frozenset()) if chain.employer else frozenset()
    if len(there) != 1:
        return None
    facility = directory.facilities[next(iter(there))]
    candidate = Candidate(facility.facility_id, facility.name, facility.city, OF_CHAIN)
    return Decision("matched", "", facility.facility_id, OF_CHAIN, "chain", (candidate,))


def _of_answer(answer: Answer, directory: Directory) -> Decision:
    candidates = tuple(_candidates(answer.candidates))
    if answer.decision == "auto":
        facility_id = answer.facility_id or candidates[0].facility_id
        return Decision("matched", "", facility_id, round(answer.confidence, 4), answer.method, candidates)
    if answer.facility_id:
        named = directory.facilities[answer.facility_id]
        candidates = (Candidate(named.facility_id, named.name, named.city, answer.confidence),)
    return Decision("queued", answer.reason, candidates=candidates)


def _candidates(ranked: Iterable[Ranked]) -> Iterable[Candidate]:
    for each in ranked:
        facility = each.entry.facility
        yield Candidate(facility.facility_id, facility.name, facility.city, round(each.confidence, 4))
