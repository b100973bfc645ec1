"""Which facility does an employer's name mean, how sure is that, and why not surer?

An employer and a directory in, a decision out. Order of decisions: CCN, a person's word, and then the fitted engine
that the command line shares (`matching/`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matching.directory import by_ccn, resolved
from matching.engine import Answer, Ranked
from matching.facilities import Employer
from matching.model import Model
from services.matcher.domain.directory import Directory, Group, group_of

__all__ = ["Candidate", "Decision", "Employer", "answered", "resolve"]


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


def resolve(employer: Employer, directory: Directory, model: Model, accept_at: float) -> Decision:
    """The same employer is answered from memory until the directory changes: postings repeat themselves."""
    known: Decision | None = directory.answers.get(employer)
    return known or directory.answers.keep(employer, _decided(employer, directory, model, accept_at))


def answered(employer: Employer, directory: Directory, model: Model, accept_at: float) -> Answer:
    """What the engine alone says."""
    return resolved(employer, directory.known, model, accept_at)


def _decided(employer: Employer, directory: Directory, model: Model, accept_at: float) -> Decision:
    stated = by_ccn(employer, directory.known)
    if stated:
        return _of_answer(stated, directory)
    group = group_of(employer)
    spoken = _by_person(group, directory)
    if spoken:
        return spoken
    found = _of_answer(answered(employer, directory, model, accept_at), directory)
    verdict = directory.verdicts.get(group)
    if verdict and found.outcome == "queued":
        return Decision("queued", verdict.reason, candidates=found.candidates, decided_by=verdict.by)
    return found


def _by_person(group: Group, directory: Directory) -> Decision | None:
    alias, verdict = directory.aliases.get(group), directory.verdicts.get(group)
    if alias:
        listed = alias.ccn in directory.facilities and directory.facilities[alias.ccn].listed
        confirmed = Decision("matched", "", alias.ccn, 1.0, "alias", decided_by=alias.by)
        return confirmed if listed else Decision("queued", "delisted")
    if verdict and verdict.is_final:
        return Decision("ignored", verdict.reason, method="person", decided_by=verdict.by)
    return None


def _of_answer(answer: Answer, directory: Directory) -> Decision:
    candidates = tuple(_candidates(answer.candidates))
    if answer.decision == "auto":
        ccn = answer.ccn or candidates[0].ccn
        return Decision("matched", "", ccn, round(answer.confidence, 4), answer.method, candidates)
    if answer.ccn:
        named = directory.facilities[answer.ccn]
        candidates = (Candidate(named.ccn, named.name, named.city, answer.confidence),)
    return Decision("queued", answer.reason, candidates=candidates)


def _candidates(ranked: Iterable[Ranked]) -> Iterable[Candidate]:
    for each in ranked:
        facility = each.entry.facility
        yield Candidate(facility.ccn, facility.name, facility.city, round(each.confidence, 4))
