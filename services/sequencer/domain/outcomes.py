"""Which outcomes may a person record, and how do they change the lead?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from services.sequencer.domain.leads import Lead, moved
from services.sequencer.domain.pack import NoContact
from services.sequencer.domain.stages import Stages

OutcomeKind = Literal["meeting", "won", "lost"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a lead, as a person recorded it."""

    facility_id: str
    version: int
    """That of the lead with the outcome."""
    lead_id: UUID
    lead_source: str
    outcome: OutcomeKind
    raised_on: date
    decided_on: date
    decided_by: str
    reason: str | None


def with_outcome(lead: Lead, kind: OutcomeKind, reason: str | None, by: str, today: date, stages: Stages) -> Lead:
    """The lead with its outcome. A meeting leaves it open, to be worked by hand for some days."""
    if kind == "meeting":
        stage = stages.entered_by(lead.lead_source, "meeting", lead.stage)
        met = moved(lead, stage, by, reason or "by a meeting", today) if stage else lead
        return replace(met, engaged_until=today + timedelta(days=stages.engaged_days))
    decided = moved(lead, stages.in_phase(lead.lead_source, kind), by, reason, today)
    return replace(decided, converted_facility_id=lead.facility_id) if kind == "won" else decided


def no_contact(reason: str | None, rules: Iterable[NoContact]) -> list[str]:
    """The channels on which the reason of a loss forbids contact."""
    words = f" {_folded(reason or '')} "
    return sorted({channel for rule in rules if _applies(words, rule) for channel in rule.channels})


def _applies(words: str, rule: NoContact) -> bool:
    return any(f" {_folded(each)} " in words for each in rule.phrases) or words.strip() in map(_folded, rule.exactly)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"['’]|(?<=\be)-(?=mail)", "", text.casefold())))


def outcome_of(lead: Lead, kind: OutcomeKind, reason: str | None, by: str, today: date) -> Outcome:
    """The outcome that brought a lead to its current state."""
    return Outcome(
        lead.facility_id, lead.version, lead.lead_id, lead.lead_source, kind, lead.raised_on, today, by, reason
    )


def is_repeated(last: Outcome | None, lead: Lead, kind: OutcomeKind) -> bool:
    """Whether the last outcome of a lead is the same."""
    return last is not None and (last.outcome, last.raised_on) == (kind, lead.raised_on)
