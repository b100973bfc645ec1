"""What can the matcher be asked?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.events import Candidate, Signal
from shared.contracts.imports import ImportedRows
from shared.contracts.keys import Holder, KeyHolder, NewKey
from shared.contracts.limits import Count, FacilityId, LongText, ShortText, State
from shared.contracts.requests import Command, Paged, Question, Reply


class Window(BaseModel):
    """The part of a question that asks for some rows of a list whose order may change."""

    limit: int = Field(50, ge=1, le=5_000)
    offset: Count = 0


class InboxGroup(Reply):
    """All postings of one employer and place that wait, or that were dismissed: one decision clears them all."""

    key: str
    version: int
    """How many decisions people have made about it."""
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
    """The groups that wait for a person, most useful first; or those that were dismissed undecided."""

    dismissed: bool = False


class Settled(Reply):
    """What a decision made of the postings of a group."""

    key: str
    matched: int = 0
    queued: int = 0
    dismissed: int = 0
    """Of those that are queued: as they were before they were settled."""
    ignored: int = 0


class AcceptGroup(Command[Settled]):
    """These postings mean that facility."""

    key: ShortText
    facility_id: FacilityId


class RejectGroup(Command[Settled]):
    """These postings mean none of the facilities shown, or nobody can say."""

    key: ShortText
    reason: ShortText
    """One of the verdicts that the matcher knows."""


class UndoDecision(Command[Settled]):
    """What was decided about these postings is taken back."""

    key: ShortText


# --- how right the automatic matches are ---------------------------------------------------------------------


class FacilityChoice(Reply):
    facility_id: str
    name: str
    address: str | None
    city: str


class MatchToJudge(Reply):
    """An automatic match: nothing in it tells which facility was accepted, or how surely."""

    key: str
    employer_name: str
    city: str | None
    state: str | None
    zip: str | None
    address: str | None
    candidates: list[FacilityChoice]


class MatchesToJudge(Window, Question[list[MatchToJudge]]):
    """The automatic matches chosen to be judged by a person, each with a few facilities."""


class JudgedMatch(Reply):
    agreed: bool
    accepted: str
    """The facility that was matched."""
    key: str
    """Of the group in the inbox."""
    queued: int = 0
    """How many of its postings wait there now."""


class JudgeMatch(Command[JudgedMatch]):
    """What a person, who was not shown the answer, makes of a match: a facility, or a reason why there is none."""

    key: ShortText
    facility_id: FacilityId | None = None
    reason: ShortText | None = None
    """One of the verdicts that the matcher knows."""


class MeasuredPrecision(Reply):
    judged: int
    agreed: int
    unsure: int
    """Judged as well, but counted neither for nor against."""
    precision: float | None
    low: float | None
    high: float | None
    """Wilson's interval, 95 %."""
    share: float
    """Of the automatic matches, how many are chosen."""
    waiting: int


class Precision(Question[MeasuredPrecision]):
    """How often was the automatic match the one that a person named?"""


# --- facilities and their names ------------------------------------------------------------------------------


class FacilityName(Reply):
    name: str
    kind: str
    provenance: str
    """`file`, `rule` (a name that it had) or `person`."""
    stated_by: str
    """The file, or the person."""
    stated_on: date | None
    withdrawn_by: str | None
    key: str | None
    """Of a name that a person confirmed: what undoes it."""


class SignalsOfRole(Reply):
    role_family: str
    version: int
    signals: list[Signal]


class Facility(Reply):
    """A facility with its names and signals."""

    facility_id: str
    version: int
    """Grows with every change of the directory that concerns it."""
    name: str | None
    """Without one it is known only from a delisting."""
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
    """What is known of a facility?"""

    facility_id: FacilityId


class ImportAliases(Command[ImportedRows]):
    """Take further names of facilities: rows of a file by column name, each with its `line`."""

    file_name: Annotated[ShortText, Field(min_length=1)]
    state: State | None = None
    """Only rows of this state are taken."""
    rows: list[dict[str, Any]] = Field(max_length=5_000)


class ChangedName(Reply):
    facility_id: str
    changed: int
    """Postings that were decided anew."""


class WithdrawName(Command[ChangedName]):
    """This name is not this facility's."""

    facility_id: FacilityId
    name: LongText


class RestoreName(Command[ChangedName]):
    """This name, once taken away, is this facility's after all."""

    facility_id: FacilityId
    name: LongText


# --- what became of postings ---------------------------------------------------------------------------------


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
    """What became of these postings?"""

    posting_ids: list[UUID] = Field(max_length=5_000)


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
    """A page of what became of all postings, by id."""


class ExportedSignal(Signal):
    """A signal with where it is."""

    facility_id: str
    facility: str | None
    role_family: str


class ExportSignals(Paged, Question[list[ExportedSignal]]):
    """A page of all signals, by `facility_id/role_family`; all signals of such a pair are on one page."""


class MatcherCounts(Reply):
    matched: int
    queued: int
    ignored: dict[str, int]
    """By reason, as the next."""
    queued_reasons: dict[str, int]
    signals_open: int
    inbox_groups: int
    inbox_overdue: int
    """Groups that wait since before today."""


class Counts(Question[MatcherCounts]):
    """How much was matched, and how much waits?"""


class Keys(Question[list[KeyHolder]]):
    """Which programs may reconcile lists of their own over HTTP?"""


class AddKey(NewKey, Command[None]):
    """Let a program reconcile over HTTP; again, and the new key takes the place of the old one."""


class RemoveKey(Holder, Command[None]):
    """End a program's key."""
