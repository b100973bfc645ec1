"""Which drafts follow from tasks that are due?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import uuid5

from engines.drafting.accounts import Line
from engines.drafting.facts import values
from services.notifier import settings, store
from services.notifier.domain.history import Touch
from services.notifier.domain.tasks import Closed, Home, Posting, Task
from services.notifier.domain.writing import Stationery, needs_text, write
from shared.contracts.events import TaskDue, WhyFactor
from shared.storage.database import Tx

RECIPIENTS = "recipients"


async def write_drafts(events: Sequence[TaskDue], tx: Tx) -> list[store.NewDraft]:
    """Write a draft for each task that needs a text; returns those that are new or changed.

    A draft has a text, or the reason why there is none. Nothing is sent.
    """
    return await store.write_drafts(tx, await drafts_for(events, tx))


async def drafts_for(events: Sequence[TaskDue], tx: Tx) -> list[store.NewDraft]:
    """The drafts of tasks, each from the newest state of its task and from what was done before."""
    ordered = sorted(events, key=lambda event: event.version)
    latest = {event.task_id: event for event in ordered if needs_text(event.channel, event.template)}
    tasks = {task_id: task_of(event) for task_id, event in latest.items()}
    addresses = {task.email.strip().lower() for task in tasks.values() if task.email}
    # Two letters to one person must not be written at the same time, because they could be the same.
    await tx.lock(RECIPIENTS, addresses)
    touches = await store.touches(tx, {task.facility_id for task in tasks.values()}, addresses)
    stationery, drafts = settings.stationery(), list[store.NewDraft]()
    for task_id in sorted(tasks, key=lambda each: (latest[each].due_on, str(each))):
        draft = draft_of(latest[task_id], tasks[task_id], stationery, tx.today, touches)
        drafts.append(draft)
        touches.append(_touch(draft))
    return drafts


def draft_of(
    event: TaskDue, task: Task, stationery: Stationery, today: date, touches: Sequence[Touch]
) -> store.NewDraft:
    text = write(task, stationery, today, touches)
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
        facts=values(text.facts),
        pack=stationery.pack,
        version=event.version,
        marks=list(event.marks),
        task=event.model_dump(mode="json"),
        enrollment_id=event.enrollment_id,
        person=task.person,
        sources={name: fact.source for name, fact in text.facts.items()},
        states=sorted(text.states & text.facts.keys()),
        letter=text.letter,
        replies_to=text.replies_to,
        missing=text.missing,
        fresh_until=text.fresh_until,
    )


def task_of(event: TaskDue) -> Task:
    person, signal, sender, closed = event.person, event.signal, event.sender, event.closed_posting
    return Task(
        task_id=event.task_id,
        enrollment_id=event.enrollment_id,
        step_no=event.step_no,
        channel=event.channel,
        template=event.template,
        facility_id=event.facility_id,
        facility=event.facility_display_name or event.facility_name,
        city=event.city,
        state=event.state,
        persona=person.role if person else event.persona,
        rep_id=event.rep,
        rep=sender.name if sender and sender.name != event.rep else None,
        rep_phone=sender.phone if sender else None,
        person=person.display_name if person else None,
        greeting=person.greeting if person else None,
        email=person.email if person else None,
        contact_source=person.source if person else None,
        in_role_since=person.in_role_since if person else None,
        chain=event.chain_display_name or event.chain,
        homes=tuple(Home(each.name, each.hiring, event.due_on) for each in event.of_chain),
        posting=Posting(signal.role_family, signal.first_seen_on, signal.last_seen_on, signal.reposted_on)
        if signal
        else None,
        closed=Closed(closed.role_family, closed.closed_on) if closed else None,
        lines=tuple(_line(each) for each in event.factors),
    )


def _line(stated: WhyFactor) -> Line:
    return Line(stated.factor, stated.factor, stated.evidence, stated.points, known=True, weightless=not stated.points)


def _touch(draft: store.NewDraft) -> Touch:
    """A draft as a touch that is not done."""
    return Touch(
        draft_id=draft.draft_id,
        task_id=draft.task_id,
        facility_id=draft.facility_id,
        enrollment_id=draft.enrollment_id,
        rep=draft.rep,
        channel=draft.channel,
        template=draft.template,
        person=draft.person,
        to_email=draft.to_email,
        subject=draft.subject,
        letter=draft.letter,
        status=None,
        outcome=None,
        done_on=None,
    )
