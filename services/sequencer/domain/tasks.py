"""What is a task, once the day of its step has come?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from services.sequencer.domain.pack import Channel

RESEARCH = 0
"""The step of a blocked enrollment: find somebody to call (R47)."""

BY = "sequencer"
"""Who ends a task that nobody did."""

TaskStatus = Literal["due", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class Task:
    """One step of one enrollment, on the worklist or ended, with its place in the order on the day it fell due."""

    task_id: UUID
    enrollment_id: UUID
    step_no: int
    facility_id: str
    tier: int
    score: Decimal
    urgency: int | None
    last_seen_on: date | None
    measure: Decimal | None
    rep: str
    channel: Channel
    persona: str
    person: dict[str, Any] | None
    template: str | None
    due_on: date
    status: TaskStatus
    outcome: str | None
    done_by: str | None
    done_on: date | None
    reason: str
    version: int
    """Of the state that was published."""
    digest: str
    """A digest of that state, as far as a correction may change it."""


def ended(task: Task, status: TaskStatus, outcome: str, today: date) -> Task:
    """A task that ends without anybody having done it."""
    return replace(task, status=status, outcome=outcome, done_by=BY, done_on=today)


def settled(tasks: Iterable[Task], outcomes: Mapping[UUID, str], status: TaskStatus, today: date) -> list[Task]:
    """The tasks still due of these enrollments as they end, each with the outcome of its enrollment."""
    due = (task for task in tasks if task.status == "due" and task.enrollment_id in outcomes)
    return [ended(task, status, outcomes[task.enrollment_id], today) for task in due]


def digest_of(content: object) -> str:
    """What tells two states of a task apart: whom it is for, and what is known of them and their facility."""
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()
