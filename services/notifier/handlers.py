"""Which drafts follow from due, changed and completed tasks, and from suppressions?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import uuid5

from services.notifier import settings, store
from services.notifier.domain.facts import Posting, Task, facts_of
from services.notifier.domain.writing import needs_text, write
from services.notifier.usecases.announcing import email_drafted
from shared.contracts.events import SuppressionChanged, TaskChanged, TaskDone, TaskDue, TaskMoved, TaskReopened
from shared.service import Locks, Router
from shared.storage.database import Tx

router = Router()

SUPPRESSIONS = "suppressions"


def _shared_lock(events: list[TaskDue]) -> Locks:
    """A draft and a suppression must not be written at the same time, because neither would see the other."""
    return Locks(SUPPRESSIONS, shared=["all"])


def _exclusive_lock(events: list[SuppressionChanged]) -> Locks:
    return Locks(SUPPRESSIONS, ["all"])


@router.events(TaskDue, locks=_shared_lock)
async def draft_tasks(events: list[TaskDue], tx: Tx) -> None:
    """Write a draft for each task that needs a text.

    A draft has a text, or the reason why there is none. Nothing is sent.
    """
    await _write(events, tx)


@router.events(TaskChanged, locks=_shared_lock)
async def redraft_tasks(events: list[TaskChanged], tx: Tx) -> None:
    """Rewrite the drafts of tasks that address another person now."""
    await _write(events, tx)


@router.events(TaskReopened, locks=_shared_lock)
async def reopen_drafts(events: list[TaskReopened], tx: Tx) -> None:
    """Write the drafts of tasks again that were ended by mistake."""
    await _write(events, tx)


@router.events(SuppressionChanged, locks=_exclusive_lock)
async def apply_suppressions(events: list[SuppressionChanged], tx: Tx) -> None:
    """Withdraw existing and later drafts to suppressed people."""
    await store.record_suppressions(tx, [_suppression(event) for event in events])


async def _write(events: Sequence[TaskDue], tx: Tx) -> None:
    ordered = sorted(events, key=lambda event: event.version)
    latest = {event.task_id: event for event in ordered if needs_text(event.channel, event.template)}
    stationery = settings.stationery()
    new = await store.write_drafts(tx, [_draft(event, stationery, tx.today) for event in latest.values()])
    for draft in new:
        if draft.channel == "email" and draft.reason is None:
            tx.emit(email_drafted(draft), cause=latest[draft.task_id])


@router.events(TaskMoved)
async def put_drafts_aside(events: list[TaskMoved], tx: Tx) -> None:
    """Close the drafts of tasks that wait; they are written again when the tasks are due."""
    await store.record_ends(tx, [store.End(event.task_id, event.version, "moved") for event in events])


@router.events(TaskDone)
async def close_drafts(events: list[TaskDone], tx: Tx) -> None:
    """Close the drafts of tasks that were done or skipped, including drafts that are not written yet."""
    await store.record_ends(tx, [_end(event) for event in events])


def _draft(event: TaskDue, stationery: settings.Stationery, today: date) -> store.NewDraft:
    task = _task(event)
    facts = facts_of(task, stationery.outreach)
    text = write(task, facts, stationery.templates)
    return store.NewDraft(
        draft_id=uuid5(event.task_id, "draft"),
        task_id=event.task_id,
        facility_id=event.facility_id,
        rep=event.rep,
        channel=event.channel,
        template=event.template,
        to_email=text.to_email,
        subject=text.subject,
        body=text.body,
        reason=text.reason,
        drafted_on=today,
        facts=facts.known(),
        pack=stationery.pack,
        version=event.version,
        marks=list(event.marks),
        task=event.model_dump(mode="json"),
        enrollment_id=event.enrollment_id,
        person=facts.person,
    )


def _end(event: TaskDone) -> store.End:
    outcome, done_on = (event.outcome, event.done_on) if event.status == "done" else (None, None)
    return store.End(event.task_id, event.version, event.status, outcome, done_on)


def _suppression(event: SuppressionChanged) -> store.Suppression:
    by = "" if "all" in event.channels else f" by {' or '.join(event.channels)}"
    why = f"Do not contact {event.label}{by}: {event.reason} ({event.stated_by}, {event.stated_on})."
    return store.Suppression(event.suppression_id, event.version, list(event.channels), list(event.marks), why)


def _task(event: TaskDue) -> Task:
    person, signal, sender = event.person, event.signal, event.sender
    return Task(
        channel=event.channel,
        template=event.template,
        facility=event.facility_display_name or event.facility_name,
        city=event.city,
        state=event.state,
        persona=person.role if person else event.persona,
        rep=sender.name if sender else event.rep,
        rep_email=sender.email if sender else None,
        rep_phone=sender.phone if sender else None,
        person=(person.display_name or person.name) if person else None,
        greeting=(person.greeting or person.name) if person else None,
        email=person.email if person else None,
        chain=event.chain_display_name or event.chain,
        homes=len(event.covers),
        towns=tuple(each.city for each in event.of_chain),
        posting=Posting(signal.role_family, signal.title, signal.first_seen_on, signal.last_seen_on, signal.chronic)
        if signal
        else None,
    )
