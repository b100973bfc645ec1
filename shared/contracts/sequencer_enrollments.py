"""What does the sequencer reply about enrollments?"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.limits import FacilityId, LongText, ShortText
from shared.contracts.requests import Question, Reply, Versioned

EnrollmentStatus = Literal["blocked", "active", "paused", "completed", "stopped"]


class EnrollmentRow(Reply):
    """The enrollment of an account in a sequence."""

    enrollment_id: UUID
    subject: str
    facility_id: str
    facility: str | None = None
    city: str | None = None
    chain: str | None
    covers: list[str]
    sequence: str
    cycle: int
    previous_id: UUID | None
    tier: int
    owner: str
    status: EnrollmentStatus
    blocked_on: date | None
    started_on: date | None
    ended_on: date | None
    missing: list[str]
    reason: str | None
    from_step: int
    """Its first step; a later one than 1 for an account that was woken from its rest."""
    paused_on: date | None
    resume_on: date | None
    """For a paused one; None until a person resumes it."""
    version: int
    sequence_version: str | None = None
    """The version of its sequence that it started with."""


class ChangedEnrollment(EnrollmentRow):
    """An enrollment that waits or goes on."""

    changed: bool
    next_on: date | None
    """The first day of its next touch, as far as the caps allow; None after the last one."""


class PauseEnrollment(Versioned[ChangedEnrollment]):
    """The running enrollment of an account, or the one that covers it, waits until a business day."""

    facility_id: FacilityId
    until: date
    reason: LongText | None = None


class ResumeEnrollment(Versioned[ChangedEnrollment]):
    """The paused enrollment of an account, or the one that covers it, goes on, with what was left of its waits."""

    facility_id: FacilityId


class StopEnrollment(Versioned[ChangedEnrollment]):
    """The open enrollment of an account, or the one that covers it, ends, with its tasks."""

    facility_id: FacilityId
    reason: LongText | None = None


class CoveredBy(Question[list[str]]):
    """The other accounts whose enrollments cover an account, or whose touches were about it as well: of its chain."""

    facility_id: ShortText
