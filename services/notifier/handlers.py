"""What does a due touch, and a touch that is done, lead to?"""

from __future__ import annotations

from datetime import date
from uuid import uuid5

from services.notifier import settings, store
from services.notifier.domain.facts import Posting, Touch, facts_of
from services.notifier.domain.writing import WRITTEN_CHANNELS, write
from shared.database import Tx
from shared.events import EmailDrafted, TaskDone, TaskDue
from shared.handling import on


@on(TaskDue)
async def draft_touches(events: list[TaskDue], tx: Tx) -> None:
    """A draft for every touch that has a text, written or with the reason why it is not. Nothing is sent."""
    due = {event.task_id: event for event in events if event.channel in WRITTEN_CHANNELS}
    stationery = settings.stationery()
    new = await store.add_drafts(tx, [_draft(event, stationery, tx.today) for event in due.values()])
    for draft in new:
        if draft.channel == "email" and draft.reason is None:
            tx.emit(_drafted(draft), cause=due[draft.task_id])


@on(TaskDone)
async def close_drafts(events: list[TaskDone], tx: Tx) -> None:
    """What was done or skipped needs no draft any more, whether the draft is there yet or not."""
    await store.record_ends(tx, [store.End(event.task_id, event.status, event.done_on) for event in events])


def _draft(event: TaskDue, stationery: settings.Stationery, today: date) -> store.NewDraft:
    touch = _touch(event)
    facts = facts_of(touch, stationery.outreach)
    text = write(touch, facts, stationery.templates)
    return store.NewDraft(
        draft_id=uuid5(event.task_id, "draft"),
        task_id=event.task_id,
        ccn=event.ccn,
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
    )


def _touch(event: TaskDue) -> Touch:
    person, signal = event.person, event.signal
    return Touch(
        channel=event.channel,
        template=event.template,
        facility=event.facility_display_name or event.facility_name,
        city=event.city,
        state=event.state,
        persona=person.role if person else event.persona,
        rep=event.rep,
        person=(person.display_name or person.name) if person else None,
        greeting=(person.greeting or person.name) if person else None,
        email=person.email if person else None,
        chain=event.chain_display_name or event.chain,
        homes=len(event.covers),
        posting=Posting(signal.role_family, signal.title, signal.first_seen_on, signal.last_seen_on, signal.chronic)
        if signal
        else None,
    )


def _drafted(draft: store.NewDraft) -> EmailDrafted:
    return EmailDrafted(
        draft_id=draft.draft_id,
        task_id=draft.task_id,
        ccn=draft.ccn,
        rep=draft.rep,
        template=draft.template or "",
        drafted_on=draft.drafted_on,
    )
