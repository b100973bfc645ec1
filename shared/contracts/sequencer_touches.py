"""Which commands about tasks does the sequencer handle?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.limits import FacilityId, LongText, ShortText
from shared.contracts.requests import ById, Command, Question, Reply, Request, Versioned
from shared.contracts.sequencer_replies import TaskDetails


class RecordedTask(TaskDetails):
    """A task, and what a person recorded of it."""

    enrollment_id: UUID | None
    changed: bool = True
    """False if that was recorded before."""
    facility: str | None = None
    city: str | None = None
    person: str | None = None
    title: str | None = None
    """The outcome in words."""
    followed: list[str] = Field([])
    """What the sequencer did because of the outcome, a sentence each."""
    sounds_like_no: list[str] = Field([])
    """The channels to suppress, if the words are one of the pack's reasons not to contact."""
    answers: list[str] = Field([])
    """For an e-mail that was sent: the outcomes that record what comes back for it."""
    opens_gate: str | None = None
    """What the enrollment still waits for after its research ended; None if nothing is missing."""


class Printed(Request):
    """A task as a worklist printed it, for a person who refers to it by rank."""

    on: date
    facility_id: FacilityId


class NamedTask(Request):
    """A task, by its id or the beginning of it.

    With `printed`, the command is refused unless the task is still as printed, on the same day.
    """

    task_id: Annotated[ShortText, Field(min_length=4)]
    printed: Printed | None = None


class TouchResult(Request):
    """How a touch ended: the id of one of the outcomes of its channel.

    The outcome may be left out if the channel has only one. A lead is lost only with `confirm_loss`.
    """

    outcome: ShortText | None = None
    note: LongText | None = None
    on: date | None = None
    """The day of a callback, or on which a person who is out of office returns."""
    confirm_loss: bool = False


class CompleteTask(NamedTask, TouchResult, Versioned[RecordedTask]):
    """Record that a task was done, with its outcome, and what follows from it.

    What comes back for an e-mail, such as a reply, may be recorded after it was sent.
    """


class LogTouch(TouchResult, Command[RecordedTask]):
    """Record a touch for which there was no task, with its outcome, and what follows from it.

    It is a task that is done as soon as it is recorded, so it is taken back like any other.
    """

    facility_id: FacilityId
    channel: Literal["call", "email", "linkedin"] = "call"
    role: ShortText | None = None
    """Of the person who was contacted; by default the first role of the pack."""


class SkipTask(NamedTask, Versioned[RecordedTask]):
    """Skip a task, for a reason; its sequence continues with the next step."""

    reason: Annotated[LongText, Field(min_length=1)]


class MoveTask(NamedTask, Versioned[RecordedTask]):
    """Let a task wait for a later business day; beyond the slip of its tier, the enrollment pauses until then."""

    until: date
    reason: LongText | None = None


class ReassignTask(NamedTask, Versioned[RecordedTask]):
    """Give a task to another rep; the next steps stay with the owner."""

    to: ShortText
    reason: LongText | None = None


class BookmarkRow(Reply):
    """An account that a person marked."""

    facility_id: str
    facility: str | None = None
    city: str | None = None
    tier: int | None = None
    reason: str | None
    marked_by: str
    marked_on: date


class Bookmarked(Reply):
    facility_id: str
    changed: bool


class Bookmark(Command[Bookmarked]):
    """Mark an account, or with `remove`, mark it no more."""

    facility_id: FacilityId
    reason: LongText | None = None
    remove: bool = False


class Bookmarks(Question[list[BookmarkRow]]):
    """All marked accounts, latest first."""


class ExportedTouch(Reply):
    """A touch that a rep recorded, without the note."""

    touch_id: UUID
    task_id: UUID | None
    """The task that it did, if there was one."""
    facility_id: str
    reached: list[str]
    """All accounts that it was about."""
    rep: str
    channel: str
    persona: str
    outcome: str | None
    touched_on: date
    touched_at: datetime
    next_follow_up_on: date | None


class ExportTouches(ById, Question[list[ExportedTouch]]):
    """All touches, without those that were taken back."""


class UndoTask(NamedTask, Versioned[RecordedTask]):
    """A task that was done, skipped or moved today is as before, with what followed, unless the next one is planned."""

    reason: LongText | None = None


EndTask = CompleteTask | SkipTask
TaskCommand = CompleteTask | SkipTask | MoveTask | ReassignTask | UndoTask
