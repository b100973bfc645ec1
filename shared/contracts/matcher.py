"""Which questions and commands does the matcher handle?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.events import Candidate, Signal
from shared.contracts.imports import ImportedRows
from shared.contracts.keys import Holder, KeyHolder, NewKey
from shared.contracts.limits import Count, FacilityId, LongText, ShortText, State
from shared.contracts.matcher_replies import JudgedMatch, MatchToJudge, MeasuredPrecision, SourceOutcome, Verdict
from shared.contracts.requests import Command, Paged, Question, Reply, Versioned


class Window(BaseModel):
    """The part of a question that selects rows of a list whose order may change."""

    limit: int = Field(50, ge=1, le=5_000)
    offset: Count = 0


class InboxGroup(Reply):
    """All waiting or all dismissed postings of one employer in one place. One decision covers them all."""

    key: str
    version: int
    """The number of decisions of people on the group."""
    employer_name: str
    city: str | None
    state: str | None
    postings: int
    role_families: list[str]
    waiting_since: date
    last_seen_on: date
    reason: str
    candidates: list[Candidate]
    dismissed_on: date | None = None


class Inbox(Window, Question[list[InboxGroup]]):
    """The groups that wait for a person, most useful first; or the dismissed ones."""

    dismissed: bool = False


class Resolution(Reply):
    """The outcomes of the postings of a group after a decision."""

    key: str
    matched: int = 0
    queued: int = 0
    dismissed: int = 0
    """The queued postings that are dismissed, as they were before the decision."""
    ignored: int = 0


class AcceptGroup(Versioned[Resolution]):
    """These postings belong to that facility."""

    key: ShortText
    facility_id: FacilityId


class Verdicts(Question[list[Verdict]]):
    """The reasons for which a group can be rejected; the first one is the most common."""


class RejectGroup(Versioned[Resolution]):
    """These postings belong to none of the candidates, or it is unknown to which one."""

    key: ShortText
    reason: ShortText
    """The name of one of the `Verdicts`."""


class UndoDecision(Versioned[Resolution]):
    """The decision on these postings is undone; without one, their dismissal is, and they wait anew."""

    key: ShortText


# --- the precision of automatic matches ----------------------------------------------------------------------


class MatchesToJudge(Window, Question[list[MatchToJudge]]):
    """The automatic matches that were chosen for people to judge, each with a few facilities."""


class JudgeMatch(Command[JudgedMatch]):
    """A person's judgment of a match without seeing it: a facility, or a reason why there is none."""

    key: ShortText
    facility_id: FacilityId | None = None
    reason: ShortText | None = None
    """The name of one of the `Verdicts`."""


class Precision(Question[MeasuredPrecision]):
    """How often did a person name the facility of the automatic match?"""


# --- facilities and their names ------------------------------------------------------------------------------


class FacilityName(Reply):
    name: str
    kind: str
    provenance: str
    """`file`, `rule` (an earlier name) or `person`."""
    stated_by: str
    """The file, or the person."""
    stated_on: date | None
    withdrawn_by: str | None
    key: str | None
    """The key that undoes a name from a person."""


class SignalsOfRole(Reply):
    role_family: str
    version: int
    signals: list[Signal]


class Facility(Reply):
    """A facility with its names and signals."""

    facility_id: str
    version: int
    """Grows with every change of the facility."""
    name: str | None
    """None if only a delisting of the facility was received."""
    address: str | None
    city: str | None
    state: str | None
    zip: str | None
    phone: str | None
    chain: str | None
    listed: bool
    listed_as_of: date | None
    names: list[FacilityName]
    signals: list[SignalsOfRole]


class FacilityDetails(Question[Facility]):
    """A facility, its names and its signals."""

    facility_id: FacilityId


class ImportAliases(Command[ImportedRows]):
    """Import other names of facilities: rows of a file by column name, each with its `line`."""

    file_name: Annotated[ShortText, Field(min_length=1)]
    state: State | None = None
    """Only rows of this state are imported."""
    rows: list[dict[str, Any]] = Field(max_length=5_000)


class ChangedName(Reply):
    facility_id: str
    changed: int
    """The number of postings whose outcome changed."""


class WithdrawName(Versioned[ChangedName]):
    """This is not a name of this facility."""

    facility_id: FacilityId
    name: LongText


class RestoreName(Versioned[ChangedName]):
    """A withdrawn name is a name of this facility again."""

    facility_id: FacilityId
    name: LongText


# --- outcomes and signals ------------------------------------------------------------------------------------


class PostingOutcome(Reply):
    posting_id: UUID
    outcome: str
    """`matched`, `queued` or `ignored`."""
    facility_id: str | None
    confidence: float | None
    method: str | None
    reason: str
    candidates: list[Candidate]
    decided_by: str | None


class Outcomes(Question[list[PostingOutcome]]):
    """The outcomes of these postings."""

    posting_ids: list[UUID] = Field(max_length=5_000)


class OutcomesOfSource(Question[list[SourceOutcome]]):
    """What came of the postings of a source after a number? Of each posting, its current outcome.

    An outcome that is new to the source gets its number by being asked for; nothing else changes.
    """

    source: ShortText
    after: int = Field(0, ge=0, le=2**53)
    limit: int = Field(1_000, ge=1, le=1_000)


class ExportedOutcome(Reply):
    posting_id: UUID
    source: str
    source_posting_id: str
    outcome: str
    facility_id: str | None
    confidence: float | None
    method: str | None
    reason: str
    role_family: str
    urgency: int


class ExportOutcomes(Paged, Question[list[ExportedOutcome]]):
    """A page of the outcomes of all postings, by id."""


class ExportedSignal(Signal):
    """A signal with its facility and role family."""

    facility_id: str
    facility: str | None
    role_family: str


class ExportSignals(Paged, Question[list[ExportedSignal]]):
    """A page of all signals, by `facility_id/role_family`; all signals of such a pair are on one page."""


class MatcherCounts(Reply):
    matched: int
    queued: int
    ignored: dict[str, int]
    """By reason, like the next field."""
    queued_reasons: dict[str, int]
    signals_open: int
    inbox_groups: int
    inbox_overdue: int
    """Groups that have waited since before today."""


class Counts(Question[MatcherCounts]):
    """The number of postings by outcome, of open signals and of waiting groups."""


class Keys(Question[list[KeyHolder]]):
    """Which programs may reconcile lists over HTTP?"""


class AddKey(NewKey, Command[None]):
    """Allow a program to reconcile lists over HTTP. A new key replaces the old one."""


class RemoveKey(Holder, Command[None]):
    """Revoke a program's API key."""
