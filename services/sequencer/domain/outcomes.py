"""Which outcomes may a person record, and how do they change the lead?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import Lead, lead_source
from services.sequencer.domain.pack import NoContact

OutcomeKind = Literal["meeting", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a lead, as a person recorded it."""

    facility_id: str
    version: int
    lead_id: UUID
    lead_source: str
    outcome: OutcomeKind
    raised_on: date
    decided_on: date
    decided_by: str
    reason: str | None


def lead_by_hand(facility_id: str, client: bool, owner: str | None, worked_since: date | None, today: date) -> Lead:
    """The lead of an account that was worked without a posting (R48)."""
    source, since = lead_source(client), worked_since or today
    return Lead(lead_id(facility_id, source), facility_id, source, "new", owner, [], since, today, None, None)


def with_outcome(lead: Lead, kind: OutcomeKind, reason: str | None, today: date) -> Lead:
    """The lead with its outcome; a meeting leaves it open."""
    if kind == "meeting":
        return lead
    return replace(lead, stage=kind, closed_on=today, closed_reason=reason or kind)


def no_contact(reason: str | None, rules: Iterable[NoContact]) -> list[str]:
    """The channels on which the reason of a loss forbids contact."""
    words = f" {_folded(reason or '')} "
    return sorted({channel for rule in rules if _applies(words, rule) for channel in rule.channels})


def _applies(words: str, rule: NoContact) -> bool:
    return any(f" {_folded(each)} " in words for each in rule.phrases) or words.strip() in map(_folded, rule.exactly)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"['’]|(?<=\be)-(?=mail)", "", text.casefold())))


def next_outcome(
    before: list[Outcome], lead: Lead, kind: OutcomeKind, reason: str | None, by: str, today: date
) -> Outcome | None:
    """The outcome to record; None if the last outcome of this lead is the same."""
    last = before[-1] if before else None
    if last and (last.lead_id, last.outcome, last.raised_on) == (lead.lead_id, kind, lead.raised_on):
        return None
    version = last.version + 1 if last else 1
    return Outcome(lead.facility_id, version, lead.lead_id, lead.lead_source, kind, lead.raised_on, today, by, reason)
