"""What are the replies of the sequencer?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.requests import Reply
from shared.contracts.sequencer_enrollments import EnrollmentRow, EnrollmentStatus
from shared.contracts.sequencer_leads import LeadRow
from shared.contracts.sequencer_windows import TaskWindow
from shared.contracts.suppressions import StatementRow, SuppressionRow

TaskStatus = Literal["due", "moved", "done", "skipped", "canceled"]
TaskChannel = Literal["call", "email", "linkedin", "research"]


class OutcomeChoice(Reply):
    """An outcome that a touch may have: its id, its name in a sentence, and the effect that follows from it."""

    id: str
    title: str
    then: str = "none"


class LastTouch(Reply):
    """The last touch of an account: when, how, by whom, and what came of it."""

    touched_on: date
    channel: TaskChannel
    persona: str
    outcome: str | None
    title: str | None = None
    """The outcome in words."""
    note: str | None = None
    rep: str


class WorklistTask(Reply):
    """A task of a day, with the reason for its rank, today's tier and, if a cover does it, the absent rep."""

    rank: int
    task_id: UUID
    short_id: str
    facility_id: str
    facility: str | None
    facility_display_name: str | None = None
    city: str | None
    state: str | None = None
    chain: str | None
    chain_display_name: str | None = None
    covers: list[str]
    tier: int
    tier_at_planning: int
    score: Decimal
    channel: TaskChannel
    persona: str
    person: str | None
    person_display_name: str | None = None
    person_phone: str | None
    person_email: str | None
    main_phone: str | None
    due_on: date
    overdue: bool
    days_overdue: int
    rep: str
    absent: str | None = None
    reason: str
    kind: str = "step"
    step_no: int
    sequence: str | None
    sequence_version: str | None = None
    template: str | None
    enrollment_id: UUID | None
    version: int
    outcomes: list[OutcomeChoice] = Field([])
    """The outcomes of its channel, of which `pipeline done` records one."""
    persona_label: str | None = None
    """The role of the person, as the pack calls it."""
    last: LastTouch | None = None
    sla: str | None = None
    """The label of its account, if that has waited too long for a touch."""
    window: TaskWindow | None = None
    no_window: str | None = None
    """Why it has none."""


class WhyEmpty(Reply):
    """Why a day has no tasks: a code for programs, and a sentence for people."""

    kind: str
    text: str


class DayOfWork(Reply):
    on: date
    rep: str | None
    tasks: list[WorklistTask]
    why: WhyEmpty | None = None
    """For a day without tasks, like the next two."""
    next_on: date | None = None
    """The next day on which tasks are expected."""
    next_plan_on: date | None = None
    business_days: list[date] = Field([])
    """The next five, until which a task can wait."""


class TaskDetails(Reply):
    task_id: UUID
    kind: str = "step"
    facility_id: str
    step_no: int
    channel: str
    persona: str
    due_on: date
    status: TaskStatus
    outcome: str | None
    """The id of its outcome, or else why it was skipped or canceled."""
    note: str | None = None
    done_by: str | None
    done_on: date | None
    rep: str
    reason: str
    version: int


class TaskRow(Reply):
    task_id: UUID
    kind: str = "step"
    enrollment_id: UUID | None
    step_no: int
    facility_id: str
    tier: int
    rep: str
    channel: str
    persona: str
    due_on: date
    status: TaskStatus
    reason: str
    """For a task that was skipped or canceled, why."""
    outcome: str | None = None
    note: str | None = None
    done_by: str | None = None
    done_on: date | None = None
    version: int


class RoleRow(Reply):
    """A role that contacts can have, as the pack defines it."""

    role: str
    label: str
    of: Literal["facility", "chain"]
    persona: str | None = None
    """The role that it stands in for first; None for a role that steps address themselves."""


class ContactRow(Reply):
    """A person in a role, as one source lists them."""

    facility_id: str | None
    chain: str | None
    role: str
    name: str
    direct_phone: str | None
    email: str | None
    source: str
    source_date: date
    source_url: str | None = None
    stated_by: str | None = None
    """The person of the team who found it out; None for a file."""
    contact_id: UUID | None = None
    """What `merge` names a person by."""
    current: bool = False
    """Whether this person has the role now."""


class Activity(Reply):
    """A touch as it was logged."""

    touched_on: date
    kind: str
    channel: str
    persona: str
    outcome: str | None
    note: str | None = None
    rep: str
    next_follow_up_on: date | None


class AccountState(Reply):
    facility_id: str
    name: str | None
    city: str | None
    state: str | None
    phone: str | None
    chain: str | None
    listed: bool
    delisted_as_of: date | None
    status: Literal["prospect", "active"]
    owner: str | None
    owner_reason: str | None
    """Why it has this owner, or why no rule of the pack finds one."""
    score: Decimal | None
    tier: int | None
    tier_since: date | None
    urgency: int | None
    last_seen_on: date | None
    measure: Decimal | None
    last_contacted_on: date | None
    next_follow_up_on: date | None


class AccountDetails(AccountState):
    rests_until: date | None
    """The first day on which it may be worked again; None if it does not rest after a closing letter."""
    leads: list[LeadRow]
    enrollments: list[EnrollmentRow]
    tasks: list[TaskDetails]
    contacts: list[ContactRow]
    activities: list[Activity]


class SequencerCounts(Reply):
    accounts: int
    active_clients: int
    leads: int
    upsell_leads: int
    contacts: int
    blocked: int
    tasks_due: int
    overdue: int
    enrollments: dict[EnrollmentStatus, int]
    tasks: dict[TaskStatus, int]
    waiting_for_capacity: int
    """Prospects that could be enrolled, but wait because of caps."""
    unassigned: int
    """Prospects for which no rule of the pack finds an owner."""


class StoppedContact(Reply):
    """The suppression in force, whether the command changed it, and what ended because of it."""

    suppression: SuppressionRow
    changed: bool
    tasks: list[TaskDetails]
    enrollments: list[EnrollmentRow]
    note: str | None = None
    """A possible mistake in the request."""


class AllowedContact(Reply):
    """The suppressions that were lifted or narrowed, and those that still apply."""

    changed: list[SuppressionRow]
    still: list[SuppressionRow]


class ContactPermission(Reply):
    """The suppressions in force for a target, and all recorded instructions."""

    in_force: list[SuppressionRow]
    statements: list[StatementRow]
    contacts: list[ContactRow] = Field([])
    """Where a person was named: source, date and URL."""
