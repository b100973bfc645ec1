"""What came back in the mail, and what does a person decide about it?"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.limits import Count, FacilityId, IdBeginning, LongText, Name
from shared.contracts.requests import Command, Question, Reply

MailState = Literal["waiting", "done", "repeated"]
"""It waits for a person, all has followed from it, or it is a further absence note for the same letter."""


class IncomingMail(Reply):
    """A message that came back."""

    incoming_id: UUID
    short_id: str
    source: str
    received_at: datetime
    kind: str
    from_email: str
    subject: str | None
    """None if the message is sealed."""
    sealed: str | None
    """What looks like data of a person in care; the text is not displayed then."""
    state: MailState
    message_id: UUID | None
    """The letter that it is about."""
    task_id: UUID | None
    facility_id: str | None
    email: str | None
    """To whom the letter was sent."""
    size: int
    decided_by: str | None
    note: str | None


class ShownMail(IncomingMail):
    """A message that came back, with its text."""

    text: str | None
    """What its author wrote, without quotations; None if the message is sealed."""


class Incoming(Question[list[IncomingMail]]):
    """Messages that came back, the newest first; optionally those of a state or a kind."""

    state: MailState | None = None
    kind: Name | None = None
    limit: int = Field(default=50, ge=1, le=5_000)
    offset: Count = 0


class ShowMail(Question[ShownMail]):
    """One message."""

    mail_id: IdBeginning


class AssignMail(Command[IncomingMail]):
    """This message is from that account; what its kind means for the sequence takes effect."""

    mail_id: IdBeginning
    facility_id: FacilityId
    note: LongText | None = None


class ResolveMail(Command[IncomingMail]):
    """A person has read this message, and nothing else follows from it."""

    mail_id: IdBeginning
    note: LongText | None = None
