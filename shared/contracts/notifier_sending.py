"""How does a person change, send off, take back and discard drafts?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.limits import Count, LongText, ShortText
from shared.contracts.notifier import Draft, DraftStatus
from shared.contracts.requests import Command, Question, Reply

MOST = 500
"""The maximum number of drafts that are sent off at once."""


class Shown(Reply):
    """A draft, and the revision of it that a person read."""

    draft_id: UUID
    revision: ShortText


class SentOff(Reply):
    """What became of one of the drafts that a person sent off."""

    draft_id: UUID
    status: DraftStatus
    refused: str | None = None
    """Why it was not sent off."""


class SendDrafts(Command[list[SentOff]]):
    """Send these drafts off, each as it was shown; each letter is the actor's. They leave ten seconds later.

    Refused with 409 if none of them can be sent.
    """

    drafts: list[Shown] = Field(min_length=1, max_length=MOST)


class UnsendDraft(Command[Draft]):
    """Take back a letter that was sent off and has not left."""

    draft_id: UUID


class EditDraft(Command[Draft]):
    """Replace the subject or the text of a draft; nothing checks the words of a person."""

    draft_id: UUID
    seen: ShortText
    """The revision that the actor changed."""
    subject: ShortText | None = Field(default=None, min_length=1)
    body: str | None = Field(default=None, min_length=1, max_length=10_000)


class DiscardDraft(Command[Draft]):
    """Do not send this draft. Its task stays open; if the task changes, a new draft is written."""

    draft_id: UUID
    reason: LongText | None = None


class Resumed(Reply):
    letters: int
    """Letters that wait, and leave as soon as they may."""


class ResumeSending(Command[Resumed]):
    """Let letters leave again that wait because too many have bounced."""


class ResolveDraft(Command[Draft]):
    """State whether a letter has arrived that may have arrived."""

    draft_id: UUID
    outcome: Literal["sent", "not_sent"]


LetterState = Literal["approved", "sending", "sent", "failed", "unsure"]
"""It waits, it is with the mail server, it was accepted, it was refused, or it may have arrived."""


class Delivery(Reply):
    """A letter that a person sent off, without its recipient's name and address."""

    message_id: UUID
    draft_id: UUID
    facility_id: str
    persona: str | None
    """The role of the recipient."""
    state: LetterState
    answer: str | None
    """Why it waits or was refused, or what the mail server answered last."""
    tries: int | None
    """None once it is no longer tried."""
    next_try_at: datetime | None
    approved_by: str
    approved_at: datetime
    sent_at: datetime | None


class FoundDeliveries(Reply):
    deliveries: list[Delivery]
    by_state: dict[LetterState, int]
    """All letters, whatever state was asked for."""
    stopped: str | None
    """Why no letter leaves for now: too many have bounced."""


class Deliveries(Question[FoundDeliveries]):
    """The letters that people sent off, the latest first; optionally those of a state."""

    state: LetterState | None = None
    limit: int = Field(default=50, ge=1, le=5_000)
    offset: Count = 0
