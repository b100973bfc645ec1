"""Which questions and commands does every service handle?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.limits import Count, LongText, ShortText
from shared.contracts.requests import PAGE, Command, Question, Reply

NO_ID = UUID(int=0)
"""Lower than the id of every event."""


# --- status and time -----------------------------------------------------------------------------------------


class ConsumerProgress(Reply):
    durable: str
    lag: int
    """Events that it has yet to receive or acknowledge."""
    delivered: int
    """Events that were delivered to it so far."""


class JobStatus(Reply):
    name: str
    at: str
    """A local time of day."""
    last_due: datetime | None


class WorkStatus(Reply):
    """The calls outside of one kind, which wait as items of work."""

    kind: str
    due: int
    """Items that no process has claimed yet."""
    running: int
    waiting: int
    """Items that are due later."""
    failing: int
    """Items whose last call failed; they are retried."""
    oldest_due: datetime | None
    error: str | None
    """Why the item failed that is retried next."""


class ServiceStatus(Reply):
    service: str
    now: datetime
    today: date
    timezone: str
    simulation: bool
    problems: list[str]
    """Why it is not ready; empty if it is."""
    warnings: list[str] = Field([])
    """What an operator should look at although it is ready."""
    consumers: list[ConsumerProgress]
    outbox: int
    """Events that are not published yet."""
    unlisted: int = 0
    """Events that `History` leaves out, because they are not published, or not for about a second."""
    dead: int
    retrying: int
    work: list[WorkStatus]
    """By kind, those that have items."""
    jobs: list[JobStatus]
    pack: str
    pid: int
    up_seconds: int


class Status(Question[ServiceStatus]):
    """The status of the service."""


class WorkInFlight(Reply):
    in_flight: int
    """Events that wait to be received, acknowledged or published, and items of work that are due or being done."""
    delivered: list[int]
    """By consumer: events that were delivered to it so far; by kind of work: calls that were recorded so far."""


class InFlight(Question[WorkInFlight]):
    """Is anything in flight? The part of the status that a simulation polls."""


class ServiceTime(Reply):
    now: datetime
    today: date
    timezone: str


class Time(Question[ServiceTime]):
    """The current time of the service."""


class JobsRan(Reply):
    ran: list[str]


class SetClock(Command[JobsRan]):
    """Set the time of a simulation, and run the jobs that are due."""

    now: datetime


class RunJob(Command[JobsRan]):
    """Run a job now."""

    job: ShortText


# --- dead letters --------------------------------------------------------------------------------------------


class DeadLetter(Reply):
    """An event whose handler failed for the last time, or an item of work whose call did.

    Of an item, the consumer is its kind, the id its key, and the body its payload.
    """

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
    """Dead letters without a resolution, oldest first, after a number."""

    after: Count | None = None
    limit: int = Field(default=200, ge=1, le=PAGE)


class ResolvedDeadLetter(Reply):
    dead_no: int
    resolution: str


class RetryDeadLetter(Command[ResolvedDeadLetter]):
    """Handle the event again, now; an item of work is due again, with all of its tries."""

    dead_no: Count


class DiscardDeadLetter(Command[ResolvedDeadLetter]):
    """Discard the event."""

    dead_no: Count


# --- published events, and whether they were processed -------------------------------------------------------


class PublishedSubject(Reply):
    """The events published on a subject."""

    subject: str
    events: int
    oldest: datetime
    newest: datetime


class OutboxWindow(Question[list[PublishedSubject]]):
    """The events published since an instant of real time; by default, all that the outbox is guaranteed to contain."""

    since: AwareDatetime | None = None


class PublishedIds(Question[list[UUID]]):
    """A page of the ids published on a subject, in order."""

    subject: ShortText
    since: AwareDatetime | None = None
    after: UUID = NO_ID
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class PastEvent(Reply):
    """An event as it was published, with its CloudEvents headers and its body as JSON."""

    event_id: UUID
    subject: str
    headers: dict[str, str]
    body: str


class History(Question[list[PastEvent]]):
    """A page of all published events in the outbox and the history."""

    subjects: list[ShortText] = Field(default=[], max_length=100)
    """Only these subjects; all if empty."""
    key: ShortText | None = None
    """Only events about this, such as a facility: their `ce-subject`."""
    since: AwareDatetime | None = None
    after: UUID = NO_ID
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class SnapshotPage(Reply):
    """A page of a snapshot: the current state of what a service owns, as events."""

    events: list[dict[str, Any]]
    """Payloads of the subject, in the order of their keys."""
    after: str | None
    """The `after` of the next page; null at the end."""
    history_after: UUID
    """The ids of all events that the page does not reflect are greater than this one: `History(after=...)` returns
    them.
    """


class Snapshot(Question[SnapshotPage]):
    """A page of the current state of everything that the service publishes on a subject, of any age.

    To rebuild a read model, apply all pages of a snapshot, then the events after the `history_after` of the first page.
    """

    subject: ShortText
    after: LongText | None = None
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class UnprocessedEvents(Reply):
    dead: list[UUID]
    """Dead letters, or discarded by an operator."""
    missing: list[UUID]
    """Never received."""


class Unprocessed(Question[UnprocessedEvents]):
    """Which of these events did a consumer not process?"""

    durable: ShortText
    event_ids: list[UUID] = Field(max_length=PAGE)


class Republished(Reply):
    events: int
    published: int
    """The number of events that the stream has stored."""
    last: UUID | None


class Republish(Command[Republished]):
    """Republish a page of the events published since an instant."""

    since: AwareDatetime | None = None
    after: UUID = NO_ID
    limit: int = Field(default=PAGE, ge=1, le=PAGE)


class RepublishEvents(Command[Republished]):
    """Republish these events."""

    event_ids: list[UUID] = Field(max_length=PAGE)
