"""What does a touch that is taken back, or promised for today, find changed?"""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts.events import LeadLost, LeadOutcomeUndone
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import StopContact, Worklist
from shared.contracts.sequencer_leads import FillIntake, Leads, MoveLead, RecordOutcome
from shared.contracts.sequencer_reps import RecordLeave
from shared.contracts.sequencer_touches import CompleteTask, RecordedTask, UndoTask
from tests.integration.test_sequencer_commands import CCN, a_task
from tests.support.running import Running

INTAKE = {
    "beds": "120",
    "payer_mix": "60 % Medicaid",
    "mds_staff": "2",
    "mds_backlog": "14",
    "software": "PointClickCare",
    "decision_maker": "Ada Moss",
    "start_on": "2026-09-01",
}


async def done(sequencer: Running, outcome: str = "reached") -> RecordedTask:
    task = await a_task(sequencer)
    return await sequencer.ask(CompleteTask(task_id=task.short_id, outcome=outcome, actor="ann"))


async def undo(sequencer: Running, task: RecordedTask) -> RecordedTask:
    return await sequencer.ask(UndoTask(task_id=str(task.task_id), actor="ann"))


async def test_no_touch_is_due_again_at_a_facility_that_was_suppressed_since(sequencer: Running) -> None:
    task = await done(sequencer)
    await sequencer.ask(StopContact(facility=CCN, reason="asked us to", actor="ann"))

    undone = await undo(sequencer, task)

    assert undone.status == "canceled"
    assert undone.outcome
    assert undone.outcome.startswith("Do not contact")

    assert await sequencer.ask(Worklist()) == []


async def test_no_touch_is_due_again_in_an_enrollment_that_a_person_ended_since(sequencer: Running) -> None:
    task = await done(sequencer)
    await sequencer.ask(FillIntake(facility_id=CCN, values=INTAKE, actor="ann"))
    await sequencer.ask(MoveLead(facility_id=CCN, stage="qualified", actor="ann"))

    undone = await undo(sequencer, task)

    assert (undone.status, undone.outcome) == ("canceled", "Moved to Qualified.")

    assert await sequencer.ask(Worklist()) == []


async def test_the_outcome_of_a_touch_is_not_taken_back_below_a_later_one(sequencer: Running) -> None:
    task = await done(sequencer, "meeting")
    await sequencer.ask(RecordOutcome(facility_id=CCN, outcome="lost", reason="too dear", actor="bob"))

    with pytest.raises(AskFailed, match=f"Lost.*pipeline outcome undo {CCN}"):
        await undo(sequencer, task)

    [lead] = await sequencer.ask(Leads())
    assert lead.phase == "lost"
    assert len(await sequencer.published(LeadLost)) == 1
    assert await sequencer.published(LeadOutcomeUndone) == []


async def test_a_call_that_is_promised_to_a_cover_for_today_is_the_covers(sequencer: Running) -> None:
    task = await a_task(sequencer)
    [cover] = {"rep-1", "rep-2"} - {task.rep}
    await sequencer.ask(RecordLeave(rep=task.rep, to_on=date(2026, 7, 10), cover=cover, actor="ann"))

    command = CompleteTask(task_id=task.short_id, outcome="callback", on=date(2026, 7, 2), actor=cover)
    await sequencer.ask(command)

    assert [(each.kind, each.rep) for each in await sequencer.ask(Worklist())] == [("callback", cover)]
