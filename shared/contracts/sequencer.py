"""Which questions and commands does the sequencer handle?"""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.imports import CellsOfRow, FileRows, ImportedRows
from shared.contracts.limits import Cell, FacilityId, LongText, ShortText
from shared.contracts.requests import ById, Command, OfFacility, Question, Request, Versioned
from shared.contracts.sequencer_enrollments import EnrollmentRow, EnrollmentStatus
from shared.contracts.sequencer_replies import (
    AccountDetails,
    AllowedContact,
    ContactPermission,
    ContactRow,
    DayOfWork,
    RoleRow,
    SequencerCounts,
    StoppedContact,
    TaskRow,
    WorklistTask,
)
from shared.contracts.suppressions import Channel, Stated, SuppressionRow

# --- the worklist --------------------------------------------------------------------------------------------


class OfDay(Request):
    """For one rep or all; for one day or today."""

    rep: ShortText | None = None
    on: date | None = None


class Worklist(OfDay, Question[list[WorklistTask]]):
    """The tasks of a day, best first (R39); refused for an unknown rep."""


class Day(OfDay, Question[DayOfWork]):
    """The worklist of a day; for an empty one the reason, and the next day with tasks."""


class Reps(Question[list[str]]):
    """The reps who can have tasks."""


# --- accounts -------------------------------------------------------------------------------------------------


class Enrollments(ById, Question[list[EnrollmentRow]]):
    """All enrollments, or those of a status."""

    status: EnrollmentStatus | None = None


class Tasks(ById, Question[list[TaskRow]]):
    """All tasks, of any status."""


class Roles(Question[list[RoleRow]]):
    """The roles that contacts can have, in the order in which they stand in for each other."""


class Contacts(OfFacility, Question[list[ContactRow]]):
    """All contacts of a facility or its chain, newest first."""


class Account(OfFacility, Question[AccountDetails]):
    """All details of one account."""


class Counts(Question[SequencerCounts]):
    """The number of accounts, leads, enrollments and tasks."""


# --- lists of contacts ---------------------------------------------------------------------------------------


class ContactCells(CellsOfRow):
    facility_id: Cell = None
    chain: Cell = None
    role: Cell = None
    name: Cell = None
    direct_phone: Cell = None
    email: Cell = None
    source: Cell = None
    source_date: Cell = None
    source_url: Cell = None
    do_not_contact: Cell = None
    do_not_call: Cell = None
    do_not_email: Cell = None


class ImportContacts(FileRows, Command[ImportedRows]):
    """Add contacts; a facility need not be on the registry yet. A row states its source, or the file does."""

    source: ShortText | None = None
    source_date: ShortText | None = None
    source_url: LongText | None = None
    rows: list[ContactCells] = Field(max_length=10_000)


# --- do not contact ------------------------------------------------------------------------------------------


class Target(Request):
    """The target of a suppression: the person in a role or with an e-mail address, a facility or a chain.

    With a `name`, the person with that name there, even if no longer in the role. A suppression that is recorded has
    an id, by which it can be named as well.
    """

    suppression_id: UUID | None = None
    facility_id: FacilityId | None = None
    """The facility of the person in the role; to suppress the entire facility see `facility`."""
    role: ShortText | None = None
    name: ShortText | None = None
    email: ShortText | None = None
    facility: FacilityId | None = None
    chain: ShortText | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.suppression_id, self.facility_id, self.email, self.facility, self.chain].count(None) != 4:
            raise ValueError("name the target: a facility id with a role, an e-mail address, a facility or a chain")
        if bool(self.facility_id) != bool(self.role):
            raise ValueError("a person needs a facility id and a role; for the entire facility, give `facility`")
        if self.name and not self.role:
            raise ValueError("a name goes with a facility id and a role")
        return self


class Instruction(Target, Stated):
    """An instruction about a target, with channels (all by default), reason and source."""

    channels: list[Channel] = Field(default=["all"], min_length=1, max_length=4)


class StopContact(Instruction, Versioned[StoppedContact]):
    """Suppress a target: its open tasks and enrollments end, and no new ones begin."""


class AllowContact(Instruction, Versioned[AllowedContact]):
    """Lift the suppression of exactly this target; enrollments begin with the next plan."""


class WhyContact(Target, Question[ContactPermission]):
    """May the target be contacted, and if not, why?"""


class Suppressions(Question[list[SuppressionRow]]):
    """All suppressions of people, facilities and chains in force."""
