"""Which questions and commands about leads does the sequencer handle, and what are its replies?"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.limits import LongText
from shared.contracts.requests import ById, OfFacility, Question, Reply, Versioned

OutcomeKind = Literal["meeting", "won", "lost"]
Phase = Literal["new", "contacted", "qualified", "proposal", "won", "lost"]


class LeadRow(Reply):
    lead_id: UUID
    facility_id: str
    facility: str | None = None
    city: str | None = None
    lead_source: str
    stage: str
    owner: str | None
    role_families: list[str]
    raised_on: date
    refreshed_on: date
    closed_on: date | None
    closed_reason: str | None
    version: int
    """Grows with every published change."""
    phase: Phase = "new"
    stage_since: date | None = None
    engaged_until: date | None = None
    """Until this day a person works it by hand, and no sequence starts."""
    reopen_asked_on: date | None = None
    """Since when a later signal asks a person to re-open the lost lead."""


class RecordedOutcome(Reply):
    """The current state of the lead, and whether the command changed it."""

    facility_id: str
    lead_id: UUID
    lead_source: str
    stage: str
    closed_on: date | None
    version: int
    """That of the lead."""
    changed: bool = True
    not_contacted: list[str] = Field([])
    """The channels that were suppressed for the facility because of the reason."""


class UndoneOutcome(Reply):
    """The outcome that was taken back, and the current state of the lead."""

    facility_id: str
    lead_id: UUID
    outcome: OutcomeKind
    stage: str
    version: int
    due: int
    """The tasks of the account that are due again, or still."""
    not_contacted: list[str] = Field([])
    """The channels on which the facility is still suppressed."""


class Leads(ById, Question[list[LeadRow]]):
    """All leads."""


class RecordOutcome(OfFacility, Versioned[RecordedOutcome]):
    """Record the outcome of an account's lead."""

    outcome: OutcomeKind
    reason: LongText | None = None

    @model_validator(mode="after")
    def _lost_for_a_reason(self) -> Self:
        if self.outcome == "lost" and not self.reason:
            raise ValueError("a lost lead needs a reason; give one")
        return self


class UndoOutcome(OfFacility, Versioned[UndoneOutcome]):
    """Take back the last outcome of an account, on the day on which it was recorded; everything is as before it."""
