"""Which questions and commands about leads does the sequencer handle, and what are its replies?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.limits import LongText, ShortText
from shared.contracts.requests import ById, Command, OfFacility, Question, Reply, Versioned

OutcomeKind = Literal["meeting", "won", "lost"]
LeadSource = Literal["signal", "upsell"]
Phase = Literal["new", "contacted", "qualified", "proposal", "won", "lost"]


class LeadRow(Reply):
    lead_id: UUID
    facility_id: str
    facility: str | None = None
    facility_display_name: str | None = None
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
    probability: int | None = None
    """Of a win in this stage, in percent; None for a stage that the pack no longer has."""
    amount: Decimal | None = None
    currency: str | None = None
    close_on: date | None = None
    """The expected day of the win."""
    converted_facility_id: str | None = None
    """The account that it became."""
    from_step: int | None = None
    """The step at which its next enrollment begins."""
    intake: dict[str, str] = Field({})
    missing: list[str] = Field([])
    """The fields of the intake form that are required and not yet stated."""
    unassigned: str | None = None
    """Why an open lead has no owner."""
    tier: int | None = None
    score: Decimal | None = None
    last_contacted_on: date | None = None
    next_follow_up_on: date | None = None


class ChangedLead(LeadRow):
    """The current state of a lead, and whether the command changed it."""

    changed: bool = True
    left: str | None = None
    """The stage from which a person moved it."""
    ended: int = 0
    """The enrollments that ended because of it."""
    not_contacted: list[str] = Field([])
    """The channels on which the facility is suppressed."""


class AmountRow(Reply):
    """What was stated about the amount of a lead and its expected close."""

    version: int
    amount: Decimal | None
    currency: str | None
    close_on: date | None
    stated_by: str
    stated_on: date


class NoteRow(Reply):
    note_id: UUID
    facility_id: str
    text: str
    noted_by: str
    noted_on: date
    next_follow_up_on: date | None


class IntakeField(Reply):
    """A field of the intake form, and what is stated."""

    field: str
    label: str
    type: str
    required: bool
    value: str | None


class StoryEntry(Reply):
    """Something that happened to a lead or its account."""

    on: date
    kind: Literal[
        "raised", "moved", "enrollment", "touch", "note", "engagement", "outcome", "refused", "amount", "closed"
    ]
    """`refused`: what people set in a CRM, and does not count here."""
    text: str
    by: str | None = None


class StageRow(Reply):
    """A stage of the pack, and what must be stated before a lead enters it."""

    stage: str
    label: str
    phase: Phase
    probability: int
    """Of a win, in percent."""
    needs: list[Literal["intake", "reason"]]


class LeadStory(Reply):
    """A lead with the stages that it can enter, its intake form, its amounts, and what happened to it, in order."""

    lead: LeadRow
    rests_until: date | None = None
    """The first day on which the account may be worked again; None if it does not rest after a closing letter."""
    stages: list[StageRow] = Field([])
    """In the order of the pack."""
    form: list[IntakeField]
    amounts: list[AmountRow]
    story: list[StoryEntry]


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
    """All leads, or those that are selected."""

    stage: ShortText | None = None
    owner: ShortText | None = None
    source: LeadSource | None = None
    to_reopen: bool = False
    """Only lost leads that a later signal asks to re-open."""
    unassigned: bool = False
    open: bool = False


class ShowLead(OfFacility, Question[LeadStory]):
    """The current lead of an account: a client's upsell, or a prospect's lead."""


class MoveLead(OfFacility, Versioned[ChangedLead]):
    """Move the open lead of an account to another stage that is neither won nor lost."""

    stage: ShortText
    reason: LongText | None = None
    values: dict[ShortText, LongText] = Field({}, max_length=100)
    """Fields of the intake form that are stated with the move; both happen, or neither."""


class FillIntake(OfFacility, Versioned[ChangedLead]):
    """State fields of the intake form; an empty value removes what was stated."""

    values: dict[ShortText, LongText] = Field(min_length=1, max_length=100)


class StateAmount(OfFacility, Versioned[ChangedLead]):
    """State what a lead is worth and when it is expected to be won; what is not given stays."""

    amount: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2)
    currency: ShortText | None = Field(None, pattern="^[A-Z]{3}$")
    close_on: date | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.amount is None and self.currency is None and self.close_on is None:
            raise ValueError("state an amount, a currency or the day of the expected close")
        return self


class ReopenLead(OfFacility, Versioned[ChangedLead]):
    """Re-open the lost lead of an account, or decline to; it never becomes a second lead (R52)."""

    from_step: Annotated[int, Field(ge=1, le=100)] | None = None
    """The step of the tier's sequence at which its next enrollment begins."""
    reason: LongText | None = None
    decline: bool = False
    """It stays lost, and only a further signal asks again."""


class AddNote(OfFacility, Command[NoteRow]):
    """Note something about an account, and perhaps the day of its next follow-up."""

    text: Annotated[LongText, Field(min_length=1)]
    next_follow_up_on: date | None = None


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
