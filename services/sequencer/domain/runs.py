"""What is a run through a sequence, and when does it end before its last touch?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

RunStatus = Literal["blocked", "active", "completed", "stopped"]


@dataclass(frozen=True, slots=True)
class Run:
    """An enrolment: one facility or chain, once through one sequence."""

    enrollment_id: UUID
    subject: str
    facility_id: str
    """The carrier: the facility whose CCN the touches carry.

    Of a chain it is the best-scored member now for as long as the gate is shut (2b). Once the run has started it stays
    with the member it started with: a follow-up goes to the people to whom the first call was made.
    """
    chain: str | None
    covers: list[str]
    """CCNs that the run stands for, the carrier among them."""
    sequence: str
    cycle: int
    previous_id: UUID | None
    tier: int
    owner: str
    status: RunStatus
    blocked_on: date | None
    started_on: date | None
    ended_on: date | None
    missing: list[str]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of an account that a run covers."""

    facility_id: str
    listed: bool
    client: bool
    tier: int
    lost: bool = False
    """Somebody recorded that its lead was lost, and no signal has raised it again."""


def why_stop(run: Run, carrier: Standing, members: Sequence[Standing]) -> str | None:
    """The reason to stop a run now; None lets it go on. The members are those that it may still stand for."""
    if carrier.client:
        return "The facility became an active client."
    if carrier.lost:
        return "The lead was lost."
    if not carrier.listed:
        return "The facility is no longer on the registry."
    best = min(member.tier for member in members)
    if best < run.tier:
        return f"Climbed to Tier {best}."
    if run.status == "blocked" and best > run.tier:
        return f"Left Tier {run.tier} before the first touch."
    return None


def still_prospects(members: Sequence[Standing]) -> list[Standing]:
    """The covered facilities that a run may go on to stand for: an active client is never among them (R45)."""
    return [member for member in members if member.listed and not member.client and not member.lost]
