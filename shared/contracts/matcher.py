"""What can the matcher be asked?"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.limits import Count, FacilityId, LongText, Name, ShortText, State
from shared.contracts.requests import Request

# --- what waits for a person, and what the person decides ----------------------------------------------------


class Page(Request):
    limit: int = Field(50, ge=1, le=5_000)
    offset: Count = 0


class Inbox(Page):
    """The groups that wait, or those that were dismissed undecided."""

    dismissed: bool = False


class AcceptGroup(Request):
    """These postings mean that facility."""

    key: ShortText
    facility_id: FacilityId
    by: Name


class RejectGroup(Request):
    """These postings mean none of the facilities shown, or nobody can say."""

    key: ShortText
    by: Name
    reason: Literal["none_of_these", "new_facility", "not_an_snf", "unsure"]


class UndoDecision(Request):
    """What was decided about these postings is taken back."""

    key: ShortText
    by: Name


# --- how right the automatic matches are ---------------------------------------------------------------------


class MatchesToJudge(Page):
    """The automatic matches chosen to be judged."""


class JudgeMatch(Request):
    """What a person, who was not shown the answer, makes of a match: a facility, or a reason why there is none."""

    key: ShortText
    facility_id: FacilityId | None = None
    reason: Literal["none_of_these", "not_an_snf", "unsure"] | None = None
    by: Name


# --- facilities and their names ------------------------------------------------------------------------------


class FacilityDetails(Request):
    """A facility with its names and signals."""

    facility_id: FacilityId


class ImportAliases(Request):
    """Rows of a file by column name, each with its `line`."""

    file_name: Annotated[ShortText, Field(min_length=1)]
    state: State | None = None
    """Only rows of this state are taken."""
    rows: list[dict[str, Any]] = Field(max_length=5_000)


class WithdrawName(Request):
    """This name is not this facility's."""

    facility_id: FacilityId
    name: LongText
    by: Name


class RestoreName(Request):
    """This name, once taken away, is this facility's after all."""

    facility_id: FacilityId
    name: LongText
    by: Name


# --- what became of postings ---------------------------------------------------------------------------------


class Outcomes(Request):
    """What became of these postings."""

    posting_ids: list[UUID] = Field(max_length=5_000)


class ExportOutcomes(Request):
    """A page of what became of all postings, by id."""

    after: UUID | None = None
    limit: int = Field(1_000, ge=1, le=5_000)


class ExportSignals(Request):
    """A page of all signals; `after` is the `facility_id/role_family` of the last row received."""

    after: ShortText | None = None
    limit: int = Field(1_000, ge=1, le=5_000)
