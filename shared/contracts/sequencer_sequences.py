"""Which questions and commands about sequences does the sequencer handle?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.limits import FacilityId, ShortText
from shared.contracts.requests import Command, Question, Reply
from shared.contracts.sequencer_enrollments import EnrollmentStatus


class SequenceVersion(Reply):
    """A version of a sequence, with its enrollments."""

    sequence: str
    version: str
    """The hash of its steps and rules."""
    first_seen_on: date
    running: int
    """Enrollments that are active or paused."""
    enrollments: int


class SequenceRow(Reply):
    """A sequence of the pack, or one that is no longer in it but has enrollments that go through its steps."""

    name: str
    title: str
    version: str | None
    """That of the pack; None for a sequence that is no longer in it."""
    tiers: list[int]
    """The tiers that use it."""
    days: list[str]
    """When each step is: `7`, or `+3 business` days after the one before."""
    running: int
    older: int
    """The running ones that started with another version."""


class StepRow(Reply):
    """A step of a sequence, with its day if an enrollment starts on the given one."""

    n: int
    at: str
    on: date
    channel: str
    persona: str
    template: str | None
    condition: str | None
    closing: bool
    window: str | None = None
    """The times within which it should be done, by the clock of the recipient."""


class SequenceDetails(Reply):
    """A version of a sequence: its steps, its rules, and all versions."""

    name: str
    title: str
    version: str
    current: bool
    """Whether it is that of the pack."""
    starts_on: date
    """The day from which the days of the steps are counted."""
    steps: list[StepRow]
    rules: list[str]
    """In sentences."""
    versions: list[SequenceVersion]


class MoveRow(Reply):
    """How an enrollment goes on in the pack's version of its sequence, or why it cannot."""

    enrollment_id: UUID
    facility_id: str
    facility: str | None
    status: EnrollmentStatus
    from_version: str | None
    at_step: int
    """The last step that was begun; 0 before the first one."""
    to_step: int | None
    channel: str | None
    persona: str | None
    passed: list[int]
    """Steps of the new version that are skipped, because their day has passed."""
    days: list[date]
    """The days of the next touches, as far as the caps allow."""
    why_not: str | None


class Migration(Reply):
    """The running enrollments with an older version of a sequence, and how many of them were moved."""

    name: str
    version: str
    moves: list[MoveRow]
    moved: int = 0


class ListSequences(Question[list[SequenceRow]]):
    """The sequences of the pack, and those that enrollments still go through."""


class ShowSequence(Question[SequenceDetails]):
    """A sequence in the version of the pack, or in another one, of which the first characters are enough."""

    name: ShortText
    version: ShortText | None = None


class PreviewMigration(Question[Migration]):
    """Who would go on at which step in the pack's version of a sequence? Nothing is changed."""

    name: ShortText
    facility_id: FacilityId | None = None


class MigrateSequence(Command[Migration]):
    """Let the running enrollments of a sequence, or those of a facility, go on in the pack's version of it."""

    name: ShortText
    facility_id: FacilityId | None = None
