"""How is the exchange with a CRM doing, and what did both sides change?"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from shared.contracts.events import Value
from shared.contracts.limits import FacilityId
from shared.contracts.requests import PAGE, Command, Question


class SetUpCrm(Command[None]):
    """Create the properties that the CRM lacks, and exchange records with it from then on. Safe to repeat."""


class SyncCrm(Command[int]):
    """Read and merge every record again that both sides have; returns how many."""


class CrmLane(Value):
    """How the exchange of one kind of records is doing."""

    system: str
    kind: str
    set_up_at: datetime | None
    """When its properties were found complete."""
    wrong: list[str]
    """Sentences about properties that are there and do not fit."""
    linked: int
    """Records that both sides have."""
    waiting: int
    """Records that changed here and have not arrived."""
    sending: int = 0
    """Those of them that a job of Salesforce sends now."""
    withheld: int
    """Records of those who must not be contacted, which are not sent."""
    failed: int
    """Records that were refused; each is sent again when it changes, or later if the CRM was at fault."""
    conflicts: int
    polled_at: datetime | None
    """When we last looked at what changed there."""
    rests_until: datetime | None
    cause: str | None
    """Whose error: `credentials` and `setup` an operator has to mend, `theirs` is tried again."""
    error: str | None


class CrmDeployed(Value):
    """Which CRM is set, and what is missing before records can be exchanged."""

    system: str | None
    missing: list[str]
    """Sentences for an operator; without any, the CRM can be set up."""


class CrmSettings(Question[CrmDeployed]):
    """Can records be exchanged with a CRM?"""


class CrmStatus(Question[list[CrmLane]]):
    """How the exchange with the CRM is doing; nothing, if none was set up."""


class CompareCrm(Command[None]):
    """Compare all records of both sides, field by field. With `apply`, those that differ are read and merged again."""

    apply: bool = False


class CrmDifference(Value):
    """A record that one side lacks, or a field that differs."""

    id: str
    facility_id: str | None = None
    """The account that it is about, if that is known."""
    their_id: str | None
    field: str | None
    """None: the whole record."""
    ours: str | None
    theirs: str | None
    why: str


class CrmComparison(Value):
    """What the last comparison of one kind of records found."""

    kind: str
    began_at: datetime
    compared_at: datetime | None
    """None: it has not ended."""
    records: int
    """Ours that were compared."""
    differences: list[CrmDifference]
    error: str | None


class CrmDrift(Question[list[CrmComparison]]):
    """Where both sides differed when they were last compared."""


class CrmConflict(Value):
    """A field that both sides changed, with both values."""

    conflict_no: int
    kind: str
    id: str
    facility_id: str | None = None
    """The account that it is about, if that is known."""
    field: str
    base: str | None
    """What both sides had agreed on."""
    ours: str | None
    theirs: str | None
    kept: str
    """`ours` or `theirs`."""
    rule: str
    """The pack's, or `refused`: theirs cannot count here."""
    why: str | None = None
    """Why not."""
    at: datetime


class CrmConflicts(Question[list[CrmConflict]]):
    """The fields that both sides changed, the last ones first."""

    before: int | None = Field(None, ge=1, le=2**63 - 1)
    """Only those before this number."""
    limit: int = Field(100, ge=1, le=PAGE)


class CrmFailure(Value):
    """A record that was refused."""

    kind: str
    id: str
    facility_id: str | None = None
    """The account that it is about, if that is known."""
    their_id: str | None
    error: str
    """A code of the CRM, a colon, and its message."""
    tried_at: datetime | None
    next_at: datetime | None
    """When it is tried again; None: when it changes, or with all others by `pipeline crm sync`."""


class CrmFailures(Question[list[CrmFailure]]):
    """Which records were refused, and why? The last ones first."""

    limit: int = Field(100, ge=1, le=PAGE)


class CrmAccount(Value):
    """What is known of an account in the CRM."""

    system: str
    their_id: str | None
    """None: the CRM does not have it from us."""
    url: str | None
    """Where people open it, if PIPELINE_COURIER_CRM_PAGES is set."""
    sent_at: datetime | None
    withheld: bool
    """It is suppressed, and was never sent."""
    error: str | None
    conflicts: list[CrmConflict]
    """The last ones, at most ten."""


class CrmOfAccount(Question[CrmAccount | None]):
    """What is known of an account in the CRM; nothing, if it has not been exchanged."""

    facility_id: FacilityId
