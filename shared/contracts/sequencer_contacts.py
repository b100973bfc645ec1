"""Which commands about people at accounts does the sequencer handle?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.limits import FacilityId, LongText, ShortText
from shared.contracts.requests import ById, Command, OfFacility, Question, Reply
from shared.contracts.sequencer_replies import ContactRow, TaskDetails


class AddedContact(Reply):
    contact: ContactRow
    changed: bool
    """False if that was recorded before."""
    ended: bool = False
    """Whether the research for the person ended."""


class AddContact(Command[AddedContact]):
    """Add a person as someone of the team found them, who is named as the source (R82).

    A person of a chain may be given with one of its facilities.
    """

    facility_id: FacilityId | None = None
    chain: ShortText | None = None
    role: ShortText
    name: ShortText | None = None
    """May be left out if the pack names no people."""
    direct_phone: ShortText | None = None
    email: ShortText | None = None
    source: ShortText = "front desk"
    source_url: LongText | None = None
    task_id: ShortText | None = None
    """The research that found the person and how to reach them: it ends, with `outcome`."""
    outcome: ShortText | None = None


class RecordedDeparture(Reply):
    """A person who left, and the tasks that go to another person, are skipped, or are new."""

    facility_id: str
    name: str
    left_on: date
    changed: bool
    tasks: list[TaskDetails]


class RecordDeparture(OfFacility, Command[RecordedDeparture]):
    """The person in a role, or with a name, has left the facility or its chain; with `undo`, on the same day, has not.

    The person is used no more until a newer source names them.
    """

    who: ShortText
    on: date | None = None
    """By default today."""
    undo: bool = False


class DuplicateRow(Reply):
    """Two people who may be the same: the one named last, the other, and what they have in common."""

    keep: ContactRow
    drop: ContactRow
    common: str


class Duplicates(Question[list[DuplicateRow]]):
    """The people of a facility, or all, who may be the same, named in two ways."""

    facility_id: FacilityId | None = None


class MergedContacts(Reply):
    kept: ContactRow
    dropped: ContactRow
    changed: bool
    tasks: list[TaskDetails]
    """The tasks that ended, because a suppression of one applies to both; after an undo, those that changed."""


class MergeContacts(Command[MergedContacts]):
    """Two people, by the ids of their contacts, are the same; with `undo`, they are not.

    Nothing is rewritten: the one is an alias of the other. Suppressions and wrong details of either apply to both. An
    undo on the same day restores what ended because of that.
    """

    keep: ShortText
    drop: ShortText
    undo: bool = False


class ExportedContact(Reply):
    """A person in a role, as one source lists them. Of one who is suppressed, nothing but that."""

    contact_id: UUID
    facility_id: str | None
    chain: str | None
    role: str
    name: str | None
    direct_phone: str | None
    email: str | None
    source: str | None
    source_date: date | None
    source_url: str | None
    suppressed: list[str]
    """The channels."""


class ExportContacts(ById, Question[list[ExportedContact]]):
    """All contacts, as sources list them."""
