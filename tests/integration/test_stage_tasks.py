"""Does a lead in a stage, and a client, get the tasks of the pack, each of them once?"""

from __future__ import annotations

from datetime import date, timedelta

from shared.contracts.events import TaskDone, TaskDue, TaskMoved
from shared.contracts.sequencer import Tasks, Worklist
from shared.contracts.sequencer_leads import FillIntake, MoveLead, RecordOutcome
from shared.contracts.sequencer_touches import CompleteTask, MoveTask, UndoTask
from tests.integration.test_leads import FORM
from tests.integration.test_outcomes import CCN, worked
from tests.support.running import Running

THURSDAY, WEDNESDAY, FRIDAY = date(2026, 7, 2), date(2026, 7, 8), date(2026, 7, 10)
A_DAY = timedelta(days=1)


async def qualified(sequencer: Running) -> None:
    await worked(sequencer)
    await sequencer.ask(FillIntake(facility_id=CCN, values=FORM, actor="ann"))
    await sequencer.ask(MoveLead(facility_id=CCN, stage="qualified", actor="ann"))


async def morning(sequencer: Running, day: date) -> None:
    await sequencer.at(f"{day}T06:00")


async def through(sequencer: Running, day: date) -> None:
    """The mornings from the first Friday until a day."""
    for n in range(1, (day - THURSDAY).days + 1):
        await morning(sequencer, THURSDAY + n * A_DAY)


async def test_the_task_of_a_stage_falls_due_once_is_done_and_taken_back(sequencer: Running) -> None:
    await qualified(sequencer)
    await through(sequencer, WEDNESDAY)

    [task] = await sequencer.ask(Worklist())
    done = await sequencer.ask(CompleteTask(task_id=str(task.task_id), outcome="reached", actor="ann"))
    await sequencer.ask(UndoTask(task_id=str(task.task_id), actor="ann"))
    [again] = await sequencer.ask(Worklist())
    await sequencer.ask(CompleteTask(task_id=str(task.task_id), outcome="reached", actor="ann"))
    await morning(sequencer, FRIDAY)

    assert (task.kind, task.facility_id, task.due_on) == ("stage", CCN, WEDNESDAY)
    assert (done.status, again.task_id) == ("done", task.task_id)
    assert await sequencer.ask(Worklist()) == []
    of_stage = [each for each in await sequencer.ask(Tasks()) if each.kind == "stage"]
    assert [(each.task_id, each.status, each.outcome) for each in of_stage] == [(task.task_id, "done", "reached")]
    due = [each for each in await sequencer.published(TaskDue) if each.task_id == task.task_id]
    assert [(each.kind, each.enrollment_id, each.due_on) for each in due] == [("stage", None, WEDNESDAY)]


async def test_a_person_moves_it_to_another_day(sequencer: Running) -> None:
    await qualified(sequencer)
    await through(sequencer, WEDNESDAY)
    [task] = await sequencer.ask(Worklist())

    await sequencer.ask(MoveTask(task_id=str(task.task_id), until=FRIDAY, actor="ann"))
    await morning(sequencer, WEDNESDAY + A_DAY)
    thursday = await sequencer.ask(Worklist())
    await morning(sequencer, FRIDAY)

    assert thursday == []
    assert [each.task_id for each in await sequencer.ask(Worklist())] == [task.task_id]


async def test_it_ends_at_once_when_the_lead_leaves_the_stage(sequencer: Running) -> None:
    await qualified(sequencer)
    await through(sequencer, WEDNESDAY)
    [task] = await sequencer.ask(Worklist())

    await sequencer.ask(MoveLead(facility_id=CCN, stage="proposal", actor="ann"))

    assert await sequencer.ask(Worklist()) == []
    [ended] = [each for each in await sequencer.published(TaskDone) if each.task_id == task.task_id]
    assert (ended.status, ended.outcome) == ("canceled", "The lead is proposal now.")


async def test_a_client_is_checked_in_on_thirty_days_after_the_last_touch(sequencer: Running) -> None:
    await qualified(sequencer)
    await sequencer.ask(RecordOutcome(facility_id=CCN, outcome="won", actor="ann"))
    await through(sequencer, WEDNESDAY)

    [check_in] = [each for each in await sequencer.ask(Worklist()) if each.kind == "recurring"]
    await sequencer.ask(CompleteTask(task_id=str(check_in.task_id), outcome="reached", actor="ann"))
    await morning(sequencer, WEDNESDAY + A_DAY)

    waiting = [each for each in await sequencer.published(TaskMoved) if each.task_id != check_in.task_id]
    assert waiting[-1].due_on == WEDNESDAY + timedelta(days=30)
    assert not [each for each in await sequencer.ask(Worklist()) if each.kind == "recurring"]
