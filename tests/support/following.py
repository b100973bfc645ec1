"""What does a board of the sequencer contain?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.assignment import EVERYWHERE
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.owners import Roster, assign
from services.sequencer.domain.tasks import Task, TaskStatus

STARTED = date(2026, 7, 1)

_ACCOUNT = Account(
    facility_id="A",
    listed=True,
    client=False,
    name="HOME A",
    city="ALBANY",
    state="NY",
    phone="5185550100",
    chain=None,
    owner=None,
    tier=1,
    score=Decimal("40.0"),
    urgency=None,
    last_seen_on=None,
    measure=None,
    evidence=[],
    next_follow_up_on=None,
)
_ENROLLMENT = Enrollment(
    enrollment_id=UUID(int=1),
    subject="A",
    facility_id="A",
    chain=None,
    covers=["A"],
    sequence="s",
    cycle=1,
    previous_id=None,
    tier=2,
    owner="rep-1",
    status="active",
    blocked_on=None,
    started_on=STARTED,
    ended_on=None,
    missing=[],
    reason=None,
)
_TASK = Task(
    task_id=UUID(int=9),
    enrollment_id=UUID(int=1),
    step_no=1,
    facility_id="A",
    tier=2,
    score=Decimal("40.0"),
    urgency=None,
    last_seen_on=None,
    measure=None,
    rep="rep-1",
    channel="call",
    persona="administrator",
    person=None,
    template=None,
    due_on=STARTED,
    status="due",
    outcome=None,
    done_by=None,
    done_on=None,
    reason="a reason",
    version=1,
    digest="",
)


def owners_of(accounts: Iterable[Account], *reps: str) -> dict[str, str | None]:
    """The new owners of accounts, by load alone."""
    return {key: each.owner for key, each in assign(accounts, Roster(reps, EVERYWHERE)).items()}


def an_account(facility_id: str = "A", tier: int = 1, score: str = "40.0", **more: Any) -> Account:
    return replace(_ACCOUNT, facility_id=facility_id, tier=tier, score=Decimal(score), **more)


def an_enrollment(**more: Any) -> Enrollment:
    return replace(_ENROLLMENT, **more)


def a_task(step_no: int = 1, status: TaskStatus = "due", done_on: date | None = None, **more: Any) -> Task:
    return replace(_TASK, task_id=UUID(int=step_no), step_no=step_no, status=status, done_on=done_on, **more)
