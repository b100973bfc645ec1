"""What does every service answer about itself?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.limits import Count, ShortText
from shared.contracts.requests import PAGE, Command, Question, Reply

NO_ID = UUID(int=0)
"""Before every event."""


# --- how it is, and what time it is --------------------------------------------------------------------------


class ConsumerProgress(Reply):
    durable: str
    lag: int
    """Events that it has still to take or acknowledge."""
    delivered: int
    """Events that were delivered to it so far."""


class JobStatus(Reply):
    name: str
    at: str
    """A local time of day."""
    last_due: datetime | None


class ServiceStatus(Reply):
    service: str
    now: datetime
    today: date
    timezone: str
    simulation: bool
    problems: list[str]
    """Why it is not ready."""
    consumers: list[ConsumerProgress]
    outbox: int
    """Events that are yet to be published."""
    dead: int
    retrying: int
    jobs: list[JobStatus]
    pack: str
    pid: int
    up_seconds: int


class Status(Question[ServiceStatus]):
    """How is the service doing?"""


class WorkInFlight(Reply):
    in_flight: int
    """Events that wait to be taken, acknowledged or published."""
    delivered: list[int]
    """By consumer: events that were delivered to it so far."""


class InFlight(Question[WorkInFlight]):
    """Is anything in flight? The little that a simulation has to know, often."""


class ServiceTime(Reply):
    now: datetime
    today: date
    timezone: str


class Time(Question[ServiceTime]):
    """What time is it for the service?"""


class JobsRan(Reply):
    ran: list[str]


class SetClock(Command[JobsRan]):
    """Set the time of a simulation, and run the jobs that are due by it."""

    now: datetime


class RunJob(Command[JobsRan]):
    """Run a job now."""

    job: ShortText


# --- dead letters --------------------------------------------------------------------------------------------


class DeadLetter(Reply):
    """A message that failed for the last time."""

    dead_no: int
    event_id: str
    consumer: str
    subject: str
    headers: dict[str, str]
    body: str
    error: str
    tries: int
    died_at: datetime
    resolution: str | None


class DeadLetters(Question[list[DeadLetter]]):
    """Dead letters on which nobody has decided, oldest first, beyond a number."""

    after: Count | None = None
    limit: int = Field(default=200, ge=1, le=PAGE)


class DecidedDeadLetter(Reply):
    dead_no: int
    resolution: str


class RetryDeadLetter(Command[DecidedDeadLetter]):
    """Handle the event once more, now."""

    dead_no: Count


class DiscardDeadLetter(Command[DecidedDeadLetter]):
    """Give the event up."""

    dead_no: Count


# --- what was published, and whether it arrived --------------------------------------------------------------


class PublishedSubject(Reply):
    """What was published on a subject."""

    subject: str
    events: int
    oldest: datetime
    newest: datetime


class OutboxWindow(Question[list[PublishedSubject]]):
    """What was published since an instant of real time; without one, all that the outbox is sure to hold."""

    since: AwareDatetime | None = None


class PublishedIds(Question[list[UUID]]):
    """A page of the ids published on a subject, in their order."""

    subject: ShortText
    since: AwareDatetime | None = None
    after: UUID = NO_ID
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class PastEvent(Reply):
    """An event as it was published: the headers of its CloudEvent, and its body as JSON."""

    event_id: UUID
    subject: str
    headers: dict[str, str]
    body: str


class History(Question[list[PastEvent]]):
    """A page of all that was published and is kept: what the outbox holds, and the weeks before it."""

    subjects: list[ShortText] = Field(default=[], max_length=100)
    """Only these; all, if none is named."""
    since: AwareDatetime | None = None
    after: UUID = NO_ID
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class SnapshotPage(Reply):
    """A page of a snapshot: what a service owns, as the events that would state it."""

    events: list[dict[str, Any]]
    """Payloads of the subject, in the order of their keys; those of one key are one state."""
    after: str | None
    """Where the next page begins; null at the end."""
    history_after: UUID
    """Every event that the page does not include comes after this one: `History(after=...)` completes it."""


class Snapshot(Question[SnapshotPage]):
    """A page of the current state of everything that the service states by a subject, however old it is.

    A read model is rebuilt from the pages of a snapshot and the events after the first page's `history_after`.
    """

    subject: ShortText
    after: ShortText | None = None
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class UnprocessedEvents(Reply):
    dead: list[UUID]
    """They wait for a person, or were given up by one."""
    missing: list[UUID]
    """They never came."""


class Unprocessed(Question[UnprocessedEvents]):
    """Which of these events did a consumer not take?"""

    durable: ShortText
    event_ids: list[UUID] = Field(max_length=PAGE)


class Republished(Reply):
    events: int
    published: int
    """How many of them the stream has stored."""
    last: UUID | None


class Republish(Command[Republished]):
    """Publish a page of what was published since an instant again."""

    since: AwareDatetime | None = None
    after: UUID = NO_ID
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class RepublishEvents(Command[Republished]):
    """Publish these events again."""

    event_ids: list[UUID] = Field(max_length=PAGE)
