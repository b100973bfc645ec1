"""What is the current state of leads, contacts, enrollments, tasks, suppressions and reps, page by page?"""

from __future__ import annotations

from typing import TypeVar

from services.sequencer.settings import playbook
from services.sequencer.store import board, engagements, enrollments, states
from services.sequencer.usecases.announcing import (
    account_moved,
    contact_changed,
    decided,
    enrollment_state,
    lead_raised,
    note_added,
    outcome_undone,
    rep_away,
    rep_changed,
    suppression_changed,
    task_done,
    task_due,
    task_moved,
    touch_logged,
)
from services.sequencer.usecases.engaging import engagement_recorded
from shared.contracts.events import (
    AccountMoved,
    ContactChanged,
    EngagementRecorded,
    EnrollmentBlocked,
    EnrollmentEnded,
    EnrollmentPaused,
    EnrollmentStarted,
    Event,
    LeadLost,
    LeadMet,
    LeadOutcome,
    LeadOutcomeUndone,
    LeadRaised,
    LeadWon,
    NoteAdded,
    RepAway,
    RepChanged,
    SuppressionChanged,
    TaskDone,
    TaskDue,
    TaskMoved,
    TouchLogged,
)
from shared.service import Router
from shared.storage.database import Tx

E = TypeVar("E", bound=Event)
Page = list[tuple[str, E]]

router = Router()


@router.snapshot(LeadRaised)
async def leads_raised(after: str | None, limit: int, tx: Tx) -> Page[LeadRaised]:
    """All leads, in their current state."""
    return [(key, lead_raised(each)) for key, each in await states.leads(tx, after, limit)]


@router.snapshot(LeadMet)
async def leads_met(after: str | None, limit: int, tx: Tx) -> Page[LeadOutcome]:
    return [(key, decided(each)) for key, each in await states.outcomes(tx, after, limit, "outcome = 'meeting'")]


@router.snapshot(LeadWon)
async def leads_won(after: str | None, limit: int, tx: Tx) -> Page[LeadOutcome]:
    return [(key, decided(each)) for key, each in await states.outcomes(tx, after, limit, "outcome = 'won'")]


@router.snapshot(LeadLost)
async def leads_lost(after: str | None, limit: int, tx: Tx) -> Page[LeadOutcome]:
    return [(key, decided(each)) for key, each in await states.outcomes(tx, after, limit, "outcome = 'lost'")]


@router.snapshot(LeadOutcomeUndone)
async def outcomes_undone(after: str | None, limit: int, tx: Tx) -> Page[LeadOutcomeUndone]:
    return [
        (key, outcome_undone(each)) for key, each in await states.outcomes(tx, after, limit, "undone_on IS NOT NULL")
    ]


@router.snapshot(NoteAdded)
async def notes_added(after: str | None, limit: int, tx: Tx) -> Page[NoteAdded]:
    return [(key, note_added(each)) for key, each in await states.notes(tx, after, limit)]


@router.snapshot(AccountMoved)
async def accounts_moved(after: str | None, limit: int, tx: Tx) -> Page[AccountMoved]:
    return [(key, account_moved(each)) for key, each in await states.owners(tx, after, limit)]


@router.snapshot(ContactChanged)
async def contacts_changed(after: str | None, limit: int, tx: Tx) -> Page[ContactChanged]:
    return [(key, contact_changed(each)) for key, each in await states.contacts(tx, after, limit)]


@router.snapshot(EnrollmentStarted)
async def enrollments_started(after: str | None, limit: int, tx: Tx) -> Page[EnrollmentStarted]:
    """The active enrollments."""
    found = await states.enrollments(tx, after, limit, "status = 'active'")
    return [(key, enrollment_state(each, EnrollmentStarted)) for key, each in found]


@router.snapshot(EnrollmentBlocked)
async def enrollments_blocked(after: str | None, limit: int, tx: Tx) -> Page[EnrollmentBlocked]:
    """The blocked enrollments."""
    found = await states.enrollments(tx, after, limit, "status = 'blocked'")
    return [(key, enrollment_state(each, EnrollmentBlocked)) for key, each in found]


@router.snapshot(EnrollmentPaused)
async def enrollments_paused(after: str | None, limit: int, tx: Tx) -> Page[EnrollmentPaused]:
    """The paused enrollments."""
    found = await states.enrollments(tx, after, limit, "status = 'paused'")
    return [(key, enrollment_state(each, EnrollmentPaused)) for key, each in found]


@router.snapshot(EnrollmentEnded)
async def enrollments_ended(after: str | None, limit: int, tx: Tx) -> Page[EnrollmentEnded]:
    """The completed and stopped enrollments."""
    found = await states.enrollments(tx, after, limit, "status NOT IN ('active', 'blocked', 'paused')")
    return [(key, enrollment_state(each, EnrollmentEnded)) for key, each in found]


@router.snapshot(TaskDue)
async def tasks_due(after: str | None, limit: int, tx: Tx) -> Page[TaskDue]:
    """The open tasks in their current version, whether `task.due` or `task.changed` announced it."""
    page = await states.tasks(tx, after, limit, "status = 'due'")
    found = [task for _, task in page]
    enrolled = await enrollments.with_ids(tx, {task.enrollment_id for task in found if task.enrollment_id})
    facts = await board.of_enrollments(
        tx, playbook(), enrolled, [task.facility_id for task in found if task.enrollment_id is None]
    )
    return [(key, task_due(facts, task, TaskDue)) for key, task in page]


@router.snapshot(TaskDone)
async def tasks_done(after: str | None, limit: int, tx: Tx) -> Page[TaskDone]:
    """The tasks that were done, skipped or canceled."""
    found = await states.tasks(tx, after, limit, "status NOT IN ('due', 'moved')")
    return [(key, task_done(task)) for key, task in found]


@router.snapshot(TaskMoved)
async def tasks_moved(after: str | None, limit: int, tx: Tx) -> Page[TaskMoved]:
    """The tasks that wait for a later day."""
    return [(key, task_moved(task)) for key, task in await states.tasks(tx, after, limit, "status = 'moved'")]


@router.snapshot(TouchLogged)
async def touches_logged(after: str | None, limit: int, tx: Tx) -> Page[TouchLogged]:
    return [(key, touch_logged(each)) for key, each in await states.activities(tx, after, limit)]


@router.snapshot(SuppressionChanged)
async def suppressions_changed(after: str | None, limit: int, tx: Tx) -> Page[SuppressionChanged]:
    """All suppressions, including lifted ones."""
    return [(key, suppression_changed(each)) for key, each in await states.suppressions(tx, after, limit)]


@router.snapshot(EngagementRecorded)
async def engagements_recorded(after: str | None, limit: int, tx: Tx) -> Page[EngagementRecorded]:
    return [(key, engagement_recorded(each)) for key, each in await engagements.states(tx, after, limit)]


@router.snapshot(RepChanged)
async def reps_changed(after: str | None, limit: int, tx: Tx) -> Page[RepChanged]:
    """All reps, including those who left."""
    return [(key, rep_changed(each)) for key, each in await states.reps(tx, after, limit)]


@router.snapshot(RepAway)
async def reps_away(after: str | None, limit: int, tx: Tx) -> Page[RepAway]:
    """All leaves in their current version, whether `rep.away` or `rep.back` announced it."""
    return [(key, rep_away(each)) for key, each in await states.leaves(tx, after, limit)]
