"""Is a command executed once, with its actor recorded, and refused if it is outdated?"""

from __future__ import annotations

from uuid import uuid4

import pytest

from shared.contracts.events import LeadWon, SuppressionChanged, TaskDone, TouchLogged
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import (
    AllowContact,
    ContactCells,
    ImportContacts,
    StopContact,
    Tasks,
    WhyContact,
    Worklist,
)
from shared.contracts.sequencer_leads import Leads, RecordOutcome
from shared.contracts.sequencer_replies import WorklistTask
from shared.contracts.sequencer_touches import CompleteTask
from tests.support.running import Running
from tests.support.sequencing import CALLABLE, contact, listed, matched, scored

CCN = "335001"


async def a_task(sequencer: Running) -> WorklistTask:
    await sequencer.ask(ImportContacts(rows=[ContactCells(**contact(CCN, **CALLABLE))], actor="ann"))
    await sequencer.receive(listed(CCN), scored(CCN, 1), matched(CCN))
    await sequencer.at("2026-07-02T06:00")
    [task] = await sequencer.ask(Worklist())
    return task


async def test_a_command_sent_twice_has_one_effect_and_the_same_reply(sequencer: Running) -> None:
    task = await a_task(sequencer)
    command = CompleteTask(task_id=task.short_id, outcome="left_voicemail", actor="ann")

    answers = [await sequencer.ask(command) for _ in range(2)]
    anew = await sequencer.ask(CompleteTask(task_id=task.short_id, outcome="left_voicemail", actor="ann"))

    assert [answer.changed for answer in answers] == [True, True]
    assert anew == answers[0].model_copy(update={"changed": False})
    assert [(event.done_by, event.outcome) for event in await sequencer.published(TaskDone)] == [
        ("ann", "left_voicemail")
    ]
    assert [event.rep for event in await sequencer.published(TouchLogged)] == ["ann"]


async def test_a_task_that_was_corrected_since_it_was_seen_is_not_completed(sequencer: Running) -> None:
    task = await a_task(sequencer)
    corrected = ContactCells(**contact(CCN, name="Zoe Elm", source_date="2026-06-20", **CALLABLE))
    await sequencer.ask(ImportContacts(rows=[corrected], actor="ann"))

    with pytest.raises(AskFailed, match="changed since version 1 that you saw") as refused:
        await sequencer.ask(CompleteTask(task_id=task.short_id, seen=task.version, outcome="reached", actor="ann"))

    assert refused.value.code == 409
    [row] = await sequencer.ask(Tasks())
    assert (row.status, row.version) == ("due", 2)
    done = await sequencer.ask(CompleteTask(task_id=task.short_id, seen=row.version, outcome="reached", actor="ann"))
    assert (done.status, done.person) == ("done", "Zoe Elm")


async def test_an_outcome_is_refused_if_its_sender_did_not_see_the_latest_one(sequencer: Running) -> None:
    await a_task(sequencer)
    [lead] = await sequencer.ask(Leads())
    met = RecordOutcome(facility_id=CCN, outcome="meeting", seen=lead.version, actor="ann")

    assert (await sequencer.ask(met)).version == 2
    with pytest.raises(AskFailed, match=r"since version 1 .* the lead is contacted; meeting, recorded by ann"):
        await sequencer.ask(RecordOutcome(facility_id=CCN, outcome="won", seen=lead.version, actor="bob"))
    won = await sequencer.ask(RecordOutcome(facility_id=CCN, outcome="won", seen=2, actor="bob"))

    assert (won.version, won.stage) == (3, "won")
    assert [event.decided_by for event in await sequencer.published(LeadWon)] == ["bob"]


async def test_a_suppression_is_refused_if_its_sender_did_not_see_the_latest_statement(sequencer: Running) -> None:
    first = await sequencer.ask(StopContact(facility=CCN, channels=["call"], reason="asked us to", seen=0, actor="ann"))
    with pytest.raises(AskFailed, match="changed since version 0 that you saw: Do not contact 335001 by call"):
        await sequencer.ask(StopContact(facility=CCN, channels=["email"], reason="asked us to", seen=0, actor="bob"))

    seen = first.suppression.version
    allowed = await sequencer.ask(AllowContact(facility=CCN, reason="called us", seen=seen, actor="bob"))

    assert [(each.channels, each.stated_by) for each in allowed.changed] == [([], "bob")]
    assert [event.stated_by for event in await sequencer.published(SuppressionChanged)] == ["ann", "bob"]


async def test_a_person_is_allowed_again_by_the_id_of_the_suppression(sequencer: Running) -> None:
    await a_task(sequencer)
    stopped = await sequencer.ask(
        StopContact(facility_id=CCN, role="don", name="Zoe Elm", reason="asked us to", actor="ann")
    )
    known = stopped.suppression.suppression_id

    why = await sequencer.ask(WhyContact(suppression_id=known))
    allowed = await sequencer.ask(AllowContact(suppression_id=known, reason="called us", actor="bob"))

    assert [each.target for each in why.in_force] == [stopped.suppression.target]
    assert ([each.channels for each in allowed.changed], allowed.still) == ([[]], [])
    with pytest.raises(AskFailed, match="no such suppression"):
        await sequencer.ask(WhyContact(suppression_id=uuid4()))
