"""What can the sequencer be asked?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.imports import ImportedRows
from shared.contracts.limits import Cell, Count, FacilityId, LongText, ShortText
from shared.contracts.requests import Command, Paged, Question, Request
from shared.contracts.sequencer_replies import (
    AccountDetails,
    AllowedContact,
    ContactPermission,
    ContactRow,
    DayOfWork,
    EndedTask,
    EnrollmentRow,
    EnrollmentStatus,
    LeadRow,
    RecordedOutcome,
    SequencerCounts,
    StoppedContact,
    SuppressionRow,
    TaskRow,
    WorklistTask,
)

OutcomeKind = Literal["meeting", "won", "lost"]
Channel = Literal["all", "call", "email", "linkedin"]
"""By which somebody is not to be contacted."""


class ById(Paged):
    """The part of a list in the order of its ids."""

    after: UUID | None = None  # type: ignore[assignment]


# --- the worklist --------------------------------------------------------------------------------------------


class OfDay(Request):
    """Of a rep or of all; of a day or of today."""

    rep: ShortText | None = None
    on: date | None = None


class Worklist(OfDay, Question[list[WorklistTask]]):
    """The tasks of a day, best first (R39); refused for an unknown rep."""


class Day(OfDay, Question[DayOfWork]):
    """The worklist of a day; of an empty one the reason, and when there will be something."""


class Reps(Question[list[str]]):
    """Everybody who may have tasks."""


class Printed(Request):
    """What a worklist showed of a task that a person names by its rank there."""

    on: date
    facility_id: FacilityId


class NamedTask(Request):
    """Which task (its id or the beginning of it), and what came of it.

    With `printed`, only the task as it was shown, and only on that day.
    """

    task_id: Annotated[ShortText, Field(min_length=4)]
    outcome: LongText | None = None
    printed: Printed | None = None


class CompleteTask(NamedTask, Command[EndedTask]):
    """A task was done."""


class SkipTask(NamedTask, Command[EndedTask]):
    """A task will not be done; its sequence goes on with the next step."""


EndTask = CompleteTask | SkipTask


# --- accounts and what is known of them ----------------------------------------------------------------------


class Leads(ById, Question[list[LeadRow]]):
    """All leads."""


class Enrollments(ById, Question[list[EnrollmentRow]]):
    """All enrollments, or those of a status."""

    status: EnrollmentStatus | None = None


class Tasks(ById, Question[list[TaskRow]]):
    """All tasks, whatever their status."""


class OfFacility(Request):
    facility_id: FacilityId


class Contacts(OfFacility, Question[list[ContactRow]]):
    """Everybody ever named for a facility or its chain, newest first."""


class Account(OfFacility, Question[AccountDetails]):
    """Everything about one account, for a person."""


class Counts(Question[SequencerCounts]):
    """How much is there of everything?"""


class RecordOutcome(OfFacility, Command[RecordedOutcome]):
    """What came of an account's lead."""

    outcome: OutcomeKind
    reason: LongText | None = None

    @model_validator(mode="after")
    def _lost_for_a_reason(self) -> Self:
        if self.outcome == "lost" and not self.reason:
            raise ValueError("a lead is lost for a reason; give it")
        return self


# --- lists of contacts and clients ---------------------------------------------------------------------------


class CellsOfRow(BaseModel):
    """A row as it stands in a file; it is checked by itself, so that a bad one holds up no other.

    Columns that we do not ask for are neither a mistake nor kept.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    line: Count


class ContactCells(CellsOfRow):
    facility_id: Cell = None
    chain: Cell = None
    role: Cell = None
    name: Cell = None
    direct_phone: Cell = None
    email: Cell = None
    source: Cell = None
    source_date: Cell = None
    do_not_contact: Cell = None


class ImportContacts(Command[ImportedRows]):
    """Add contacts to those that are known; a facility need not be on the registry yet."""

    rows: list[ContactCells] = Field(max_length=10_000)


class ClientCells(CellsOfRow):
    facility_id: Cell = None
    owner: Cell = None


class ImportClients(Command[ImportedRows]):
    """Make facilities active clients, each with the person who looks after it (R45)."""

    rows: list[ClientCells] = Field(max_length=10_000)


# --- do not contact ------------------------------------------------------------------------------------------


class Target(Request):
    """Who is meant: who has a role at a facility, whoever has an address, a facility, a chain or a domain.

    With a `name` it is the one of that name there, in the role or no longer.
    """

    facility_id: FacilityId | None = None
    """Of the person in the role; for everybody there see `facility`."""
    role: ShortText | None = None
    name: ShortText | None = None
    email: ShortText | None = None
    facility: FacilityId | None = None
    chain: ShortText | None = None
    domain: ShortText | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.facility_id, self.email, self.facility, self.chain, self.domain].count(None) != 4:
            raise ValueError("say whom: a facility id with a role, an e-mail address, a facility, a chain, or a domain")
        if bool(self.facility_id) != bool(self.role):
            raise ValueError("a person is a facility id with a role; for everybody there, give the facility")
        if self.name and not self.role:
            raise ValueError("a name goes with a facility id and a role")
        return self


class Said(Target):
    """What was said, and where it comes from; of all channels where none is given."""

    channels: list[Channel] = Field(default=["all"], min_length=1, max_length=4)
    reason: Annotated[LongText, Field(min_length=1)]
    source: ShortText = "told to a representative"


class StopContact(Said, Command[StoppedContact]):
    """Do not contact them: from now on nobody is asked to, and what was open ends."""


class AllowContact(Said, Command[AllowedContact]):
    """Take back what was said of this very person, facility, chain or domain; enrollments begin with the next plan."""


class WhyContact(Target, Question[ContactPermission]):
    """May they be contacted, and why not?"""


class Suppressions(Question[list[SuppressionRow]]):
    """Everybody who is not to be contacted."""
