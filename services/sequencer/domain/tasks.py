"""What is a task?"""

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
"""The step of a blocked enrollment: find a person to call (R47)."""

BY = "sequencer"
"""The `done_by` of a task that no person ended."""

TaskStatus = Literal["due", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class Task:
    """A due or ended step of an enrollment, with its rank on the day on which it fell due."""

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
    """The version of the published state."""
    digest: str
    """A digest of the part of that state that corrections may change."""
    absent: str | None = None
    """The rep whose task it is, while away: `rep` is the cover or, if the task waits for the return, the same."""


def ended(task: Task, status: TaskStatus, outcome: str, today: date) -> Task:
    """A task that the sequencer ends."""
    return with_end(task, status, outcome, BY, today)


def with_end(task: Task, status: TaskStatus, outcome: str | None, by: str, today: date) -> Task:
    """A task that is done or skipped: its next version."""
    return replace(task, version=task.version + 1, status=status, outcome=outcome, done_by=by, done_on=today)


def ended_with(tasks: Iterable[Task], outcomes: Mapping[UUID, str], status: TaskStatus, today: date) -> list[Task]:
    """The open tasks of ended enrollments as they end, each with the outcome of its enrollment."""
    due = (task for task in tasks if task.status == "due" and task.enrollment_id in outcomes)
    return [ended(task, status, outcomes[task.enrollment_id], today) for task in due]


def digest_of(content: object) -> str:
    """A digest of the recipient of a task and the facts of its facility."""
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()
