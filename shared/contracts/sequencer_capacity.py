"""Which questions about the plan of the next days does the sequencer handle?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.requests import Question, Reply

Standing = Literal["running", "paused", "blocked", "resting", "waiting", "suppressed", "unassigned"]


class PlannedDay(Reply):
    """The load of a business day."""

    on: date
    touches: dict[str, int]
    """Of each rep of the team, with the tasks that are on a worklist already."""
    total: int
    starts: int
    """The enrollments that start on this day."""
    away: list[str]
    """The reps who do not work."""


class LateTouch(Reply):
    """A touch for which the plan has no day by its last day."""

    enrollment_id: UUID | None
    """None, if it is a task of a stage or of a client."""
    facility_id: str
    facility: str | None
    step_no: int
    latest_on: date
    on: date | None
    """None if it is after the plan."""


class PlannedTouch(Reply):
    """A touch on its day, with the reason."""

    on: date
    rep: str
    facility_id: str
    facility: str | None
    tier: int
    step_no: int
    """0 for research, and for the tasks of stages and clients."""
    designed_on: date
    latest_on: date
    reason: str


class AccountStanding(Reply):
    """A prospect of a worked tier that is not worked now, and why."""

    facility_id: str
    facility: str | None
    tier: int
    score: Decimal
    owner: str | None
    state: Standing
    reason: str
    starts_on: date | None
    """By the plan, as things stand."""


class CapacityPlan(Reply):
    """The plan of the next business days, as things stand."""

    scope: Literal["team", "rep"]
    most: int
    """The touches of the team, or of each rep, on one day, at most (R43)."""
    days: list[PlannedDay]
    late: list[LateTouch]
    """Empty if the plan is possible."""
    counts: dict[Standing, int]
    waiting: list[AccountStanding]
    """Those that are not running, best first, at most 500."""
    scarce: list[str]
    """What keeps places of the days empty; without any if no place is."""
    touches: list[PlannedTouch]
    """If they were asked for, at most 2,000."""


class Capacity(Question[CapacityPlan]):
    """How full are the next business days, what waits, and what is impossible? (R40 to R43, K18)"""

    days: Annotated[int, Field(ge=1, le=63)] = 21
    touches: bool = False
    """Whether to list each touch with the reason for its day."""
