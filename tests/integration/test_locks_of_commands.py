"""Do commands lock accounts in the order in which handlers write them, so that neither waits without end?"""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from services.sequencer.store import accounts
from shared.contracts.requests import Command
from shared.contracts.sequencer import ContactCells, ImportContacts, Worklist
from shared.contracts.sequencer_leads import RecordOutcome, UndoOutcome
from shared.contracts.sequencer_reps import RecordLeave
from shared.contracts.sequencer_touches import CompleteTask, UndoTask
from tests.support.running import Running
from tests.support.sequencing import contact, listed, matched, scored

FIRST, SECOND = "335001", "335002"
LOST = RecordOutcome(facility_id=SECOND, outcome="lost", reason="do not contact us", actor="ann")


async def two_calls(sequencer: Running) -> dict[str, str]:
    """Two accounts with a call each; the ids of the calls."""
    rows = [contact(each, name=f"Ada {each}", direct_phone=f"518-555-01{each[-2:]}") for each in (FIRST, SECOND)]
    await sequencer.ask(ImportContacts(rows=[ContactCells(**row) for row in rows], actor="ann"))
    for each in (FIRST, SECOND):
        await sequencer.receive(listed(each), scored(each, 1), matched(each))
    await sequencer.at("2026-07-02T06:00")
    await sequencer.ask(RecordLeave(rep="rep-1", to_on=date(2026, 7, 10), cover="rep-2", actor="ann"))
    return {task.facility_id: task.short_id for task in await sequencer.ask(Worklist())}


async def carried_out(sequencer: Running, command: Command[object]) -> None:
    """Send a command while a handler writes the first account and then the second."""
    async with sequencer.app.begin() as tx:
        await accounts.lock(tx, [FIRST])
        answer = asyncio.create_task(sequencer.ask(command))
        await asyncio.sleep(1)
        await accounts.lock(tx, [SECOND])
    await answer


@pytest.mark.parametrize("what", ["outcome", "undo of an outcome", "undo of a touch"])
async def test_a_command_waits_for_a_handler_without_locking_what_that_writes_next(
    sequencer: Running, what: str
) -> None:
    tasks = await two_calls(sequencer)
    command: Command[object] = LOST
    if what == "undo of an outcome":
        await sequencer.ask(LOST)
        command = UndoOutcome(facility_id=SECOND, actor="ann")
    if what == "undo of a touch":
        await sequencer.ask(CompleteTask(task_id=tasks[SECOND], outcome="wrong_number", actor="ann"))
        command = UndoTask(task_id=tasks[SECOND], actor="ann")

    await carried_out(sequencer, command)
