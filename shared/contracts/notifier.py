"""Which questions does the notifier reply to?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.limits import Count, IdBeginning, ShortText
from shared.contracts.requests import Paged, Question, Reply

DraftStatus = Literal["draft", "approved", "sending", "sent", "unsure", "failed", "withdrawn", "discarded", "closed"]
"""It waits for a person; a person sent it off; it is with the mail server; it left; it may have left; it could not be
written or sent; it addresses a suppressed person; a person discarded it; its task is done or skipped.
"""


class Draft(Reply):
    draft_id: UUID
    task_id: UUID
    facility_id: str
    facility: str | None = None
    city: str | None = None
    rep: str
    channel: str
    template: str | None
    to_email: str | None
    subject: str | None
    body: str | None
    reason: str | None
    """Why there is no text, or why it was not sent."""
    drafted_on: date
    facts: dict[str, Any]
    """The facts that the text may state."""
    sources: dict[str, str] = Field(default_factory=dict)
    """Where each fact is from."""
    states: list[str] = Field(default_factory=list)
    """The facts that the text states."""
    person: str | None = None
    letter: str | None = None
    """Which text of the pack it is: no person gets the same one twice."""
    replies_to: UUID | None = None
    """The earlier draft that it replies to."""
    missing: str | None = None
    """What must be set before it may be sent."""
    note: str | None = None
    """What else there is to know about how it was written."""
    fresh_until: date | None = None
    """The last day on which all that it states is true."""
    pack: str
    version: int
    """The version of the task that it was written from."""
    marks: list[str]
    revision: str = ""
    """Another one whenever it is written anew or edited."""
    edited_by: str | None = None
    """The person who changed its text last; no check of ours has read it since."""
    approved_by: str | None = None
    """The person who sent it off."""
    approved_at: datetime | None = None
    """When that was; the letter can be taken back for ten seconds, and until it leaves."""
    sent_at: datetime | None = None
    """When it left or, if it is unsure, may have left."""
    status: DraftStatus


class Drafts(Question[list[Draft]]):
    """Drafts to send, so no scripts of calls, by age, then by facility; optionally of some statuses or a rep."""

    statuses: list[DraftStatus] = Field(default=[], max_length=9)
    """Any of these; without them, any at all."""
    rep: ShortText | None = None
    latest: bool = False
    """The latest ones first."""
    limit: int = Field(default=100, ge=1, le=5_000)
    offset: Count = 0


class DraftDetails(Question[Draft]):
    """One draft, by its own id, by that of its task, or by the first characters of the task's id."""

    draft_id: UUID | None = None
    task_id: UUID | None = None
    task: IdBeginning | None = None

    @model_validator(mode="after")
    def _one_id(self) -> Self:
        if [self.draft_id, self.task_id, self.task].count(None) != 2:
            raise ValueError("give one of draft_id, task_id and task")
        return self


class ExportDrafts(Paged, Question[list[Draft]]):
    """All drafts, in the order of their ids."""

    after: UUID | None = None  # type: ignore[assignment]


class NotifierCounts(Reply):
    drafts: int
    by_status: dict[DraftStatus, int]
    by_channel: dict[str, int]


class Counts(Question[NotifierCounts]):
    """The number of drafts, by status and channel."""
