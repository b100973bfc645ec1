"""How is a touch taken back, with what followed from it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.sequencer.domain.board import Board
from services.sequencer.domain.identity import activity_id
from services.sequencer.domain.plan.order import RESTORED
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.undoing import Followed, followed, taken_back, why_not
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, contacts, enrollments, leads, mail, outcomes, tasks
from services.sequencer.store import board as boards
from services.sequencer.store import followed as stored
from services.sequencer.usecases.announcing import task_done, touch_logged
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.exiting import follow_details
from services.sequencer.usecases.outcomes import take_back
from services.sequencer.usecases.recording import named, recorded, short
from services.sequencer.usecases.team import cover_restored
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import UndoOutcome
from shared.contracts.sequencer_touches import RecordedTask, UndoTask
from shared.storage.database import Tx


async def undo_task(command: UndoTask, tx: Tx) -> RecordedTask:
    """Open a task again that was done, skipped or moved today, unless the next touch is planned already."""
    task = await named(command, tx)
    await accounts.lock_all(tx)
    logged = activity_id(task.task_id, task.version)
    made = await _in_force(await stored.of_activity(tx, logged), task, tx)
    board = await _board(task, made, tx)
    _refuse(task, why_not(task, board, made))
    if made.outcome:
        await take_back(UndoOutcome(facility_id=task.facility_id, actor=tx.actor), tx)
        board = await _board(task, made, tx)
    if await contacts.take_back_flag(tx, task.task_id):
        await follow_details(task.facility_id, tx)
        board = await _board(task, made, tx)
    await mail.take_back_return(tx, task.task_id)
    after = await decide(tx, board, playbook(), taken_back(task, made), *RESTORED)
    for old, new in made.leads:
        if after.leads[new.lead_id].undone_version == new.version:
            await leads.forget_moves(tx, new.lead_id, old.version + 1 if old else 1, new.version)
    await cover_restored(tx, board.team)
    [task] = await tasks.with_ids(tx, [task.task_id])
    if made.answered or task.kind == "logged":
        tx.emit(task_done(task))
    if not made.moved:
        await accounts.record_taken_back(tx, logged)
    reached = await tasks.reached_by(tx, logged)
    next_on = task.due_on if task.is_open else None
    undone = await tasks.log(tx, task, "undone", command.reason, next_on, reverses=logged, reached=reached)
    tx.emit(touch_logged(undone))
    return await recorded(task, changed=True, tx=tx)


async def _in_force(made: Followed, task: Task, tx: Tx) -> Followed:
    """What followed from a touch, without an outcome that was taken back by itself. Refused below a later outcome."""
    if made.outcome is None or await outcomes.is_undone(tx, made.outcome):
        return replace(made, outcome=None)
    last = await outcomes.last_of_account(tx, task.facility_id)
    if last and (last.lead_id, last.version) != made.outcome:
        undo = f"pipeline outcome undo {task.facility_id}"
        _refuse(task, f"{last.outcome.capitalize()} was recorded since; take that back first: `{undo}`.")
    return made


def _refuse(task: Task, reason: str | None) -> None:
    if reason:
        raise Refused(f"Task {short(task)} is not reopened. {reason} Nothing was changed.", code=409)


async def look(task: Task, tx: Tx, more: Iterable[str] = ()) -> Board:
    """The board of what a touch may change: its account, the accounts that its enrollment covers, and more."""
    enrolled = await enrollments.get(tx, task.enrollment_id) if task.enrollment_id else None
    covers = enrolled.covers if enrolled else []
    return await boards.of_accounts(tx, playbook(), {task.facility_id, *covers, *more})


async def since(task: Task, before: Board, tx: Tx) -> Followed:
    """What a touch has changed since a board was loaded."""
    after = (await look(task, tx, before.accounts)).adding(
        await enrollments.with_ids(tx, before.enrollments), await tasks.with_ids(tx, before.tasks)
    )
    return followed(task, before, after)


async def record_followed(task: Task, made: Followed, tx: Tx) -> None:
    """Store what followed from a touch, so that it can be taken back."""
    if made != Followed():
        await stored.record(tx, activity_id(task.task_id, task.version), made)


async def _board(task: Task, made: Followed, tx: Tx) -> Board:
    """The board with the task and all that followed from it, also what is no longer open."""
    own = [task.enrollment_id] if task.enrollment_id else []
    changed = [new.enrollment_id for _, new in made.enrollments]
    covered = {key for old, _ in made.enrollments if old for key in (old.facility_id, *old.covers)}
    found = await look(task, tx, covered)
    rests = await boards.rests_at(tx, playbook(), found, without=None if made.answered else task.task_id)
    return replace(found, rests=rests).adding(
        await enrollments.with_ids(tx, [*own, *changed]),
        [
            *await tasks.of_enrollments(tx, own),
            *await tasks.with_ids(tx, [task.task_id, *(new.task_id for _, new in made.tasks)]),
        ],
    )
