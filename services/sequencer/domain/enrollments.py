"""What is an enrollment, and when does it end before its last step?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from services.sequencer.domain.accounts import Account

EnrollmentStatus = Literal["blocked", "active", "paused", "completed", "stopped"]


OPEN: tuple[EnrollmentStatus, ...] = ("blocked", "active", "paused")


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One facility or chain on its way through one sequence, once."""

    enrollment_id: UUID
    subject: str
    """`chain:` and the name of the chain, or the facility id."""
    facility_id: str
    """The facility of its tasks.

    For a blocked enrollment of a chain it is the member with the best score now (2b). After the start it stays the same
    member, so that a follow-up goes to the people who got the first call.
    """
    chain: str | None
    covers: list[str]
    """Ids of the facilities that it covers, including its own."""
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
    from_step: int = 1
    """Its first step; a later one than 1 for an account that was woken from its rest."""
    paused_on: date | None = None
    resume_on: date | None = None
    shifted_days: int = 0
    """The days of its pauses, by which its steps are later."""
    version: int = 0
    absent: str | None = None
    """The rep whose leave pauses it."""
    sequence_version: str | None = None
    """The version of its sequence that it started with; before the start, that of the pack counts."""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def day_one(self) -> date:
        """Day 1 of its sequence, without its pauses; the day of the plan for one that has not started."""
        return (self.started_on or date.min) + timedelta(days=self.shifted_days)


@dataclass(frozen=True, slots=True)
class Cycle:
    """The latest enrollment of a subject in a sequence."""

    enrollment_id: UUID
    cycle: int


def why_stop(
    enrollment: Enrollment, account: Account, lost: bool, engaged: bool, members: Sequence[Account]
) -> str | None:
    """The reason to stop an enrollment now; None if it continues.

    `account` is its facility, whose lead may be `lost`, or `engaged`: worked by hand; `members` are the prospects that
    it still covers.
    """
    if account.client:
        return "The facility became an active client."
    if lost:
        return "The lead was lost."
    if not account.listed:
        return "The facility is no longer on the registry."
    if engaged:
        return "A person works the lead by hand."
    if not members:
        return "No facility that it covers is a prospect."
    best = min(member.tier for member in members)
    if best < enrollment.tier:
        return f"Climbed to Tier {best}."
    if enrollment.status == "blocked" and best > enrollment.tier:
        return f"Left Tier {enrollment.tier} before the first touch."
    return None
