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

from services.sequencer.domain.calendar import Holidays, business_days_after
from services.sequencer.domain.sequences import Channel

RESEARCH = 0
"""The step of a blocked enrollment: find a person to call (R47)."""

BY = "sequencer"
"""The `done_by` of a task that no person ended."""

TaskKind = Literal["step", "research", "follow_up", "callback", "stage", "recurring", "logged"]
"""Why there is a task. A step and the research of a blocked enrollment belong to it; others belong to an account.

A touch that was logged without a task is one that was done from the beginning.
"""
PROMISED: tuple[TaskKind, ...] = ("callback", "follow_up")
"""What a person was promised."""
BY_RULE: tuple[TaskKind, ...] = ("stage", "recurring")
"""What a pack has for leads in a stage and for clients."""
TaskStatus = Literal["due", "moved", "done", "skipped", "canceled"]
"""A task is `moved` while it waits for a later day, `skipped` by a person or for want of a recipient, and `canceled` if
it ends with its enrollment or lead."""
OPEN: tuple[TaskStatus, ...] = ("due", "moved")


@dataclass(frozen=True, slots=True)
class Task:
    """A step of an enrollment, or a task of an account, with its rank on the day on which it fell due."""

    task_id: UUID
    enrollment_id: UUID | None
    step_no: int
    """0, if it is no step of a sequence."""
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
    """The id of its outcome, or else why it was skipped or canceled."""
    done_by: str | None
    done_on: date | None
    reason: str
    version: int
    """The version of the published state."""
    digest: str
    """A digest of the part of that state that corrections may change."""
    absent: str | None = None
    """The rep whose task it is, while away: `rep` is the cover or, if the task waits for the return, the same."""
    kind: TaskKind = "step"
    key: str = ""
    """Of the tasks of an account of the same kind: which one."""
    lead_id: UUID | None = None
    """The lead that a task of an account belongs to; the task ends with it."""
    note: str | None = None
    """What a person added to the outcome, or why the task was moved."""
    planned_on: date | None = None
    """The day on which it was to be done before it was moved."""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def is_planned(task: Task) -> bool:
    """Whether a task by a rule of the pack waits until the planner places it; not one that a person moved."""
    return task.kind in BY_RULE and task.status == "moved" and task.done_by is None


def stage_series(stage: str, since: date) -> str:
    """What the keys of the tasks of a lead begin with while it is in a stage."""
    return f"{stage}|{since}|"


def ended(task: Task, status: TaskStatus, outcome: str, today: date) -> Task:
    """A task that the sequencer ends."""
    return with_end(task, status, outcome, BY, today)


def with_end(
    task: Task, status: TaskStatus, outcome: str | None, by: str, today: date, note: str | None = None
) -> Task:
    """A task that is done, skipped or canceled: its next version."""
    version = task.version + 1
    return replace(task, version=version, status=status, outcome=outcome, done_by=by, done_on=today, note=note)


def ended_with(tasks: Iterable[Task], outcomes: Mapping[UUID, str], status: TaskStatus, today: date) -> list[Task]:
    """The open tasks of these enrollments as they end, each with the outcome of its enrollment."""
    found = ((task, outcomes.get(task.enrollment_id)) for task in tasks if task.is_open and task.enrollment_id)
    return [ended(task, status, outcome, today) for task, outcome in found if outcome is not None]


def moved(task: Task, until: date, reason: str | None, by: str, today: date) -> Task:
    """A task that waits for a later day."""
    version, planned_on = task.version + 1, task.planned_on or task.due_on
    waiting = replace(task, version=version, status="moved", due_on=until, planned_on=planned_on)
    return replace(waiting, note=reason, done_by=by, done_on=today)


def latest_day(task: Task, slip_days: int, closed: Holidays) -> date:
    """The latest day to which a step may be moved: so many business days after its own (R43)."""
    return business_days_after(task.planned_on or task.due_on, slip_days, closed)


def due_again(task: Task) -> Task:
    """A task that was moved, on the day for which it waited; it no longer waits for the return of its rep."""
    absent = None if task.absent == task.rep else task.absent
    return replace(task, version=task.version + 1, status="due", done_by=None, done_on=None, note=None, absent=absent)


def digest_of(content: object) -> str:
    """A digest of the recipient of a task and the facts of its facility."""
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()
