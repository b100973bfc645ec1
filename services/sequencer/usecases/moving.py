"""How is a task moved to a later day, or given to another rep?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.pausing import pause
from services.sequencer.domain.tasks import PROMISED, Task, latest_day, moved
from services.sequencer.domain.undoing import followed as followed_by
from services.sequencer.settings import closed_days, playbook
from services.sequencer.store import board, reps, tasks
from services.sequencer.usecases.announcing import touch_logged
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.recording import named, recorded, refuse_day, short
from services.sequencer.usecases.undoing import record_followed
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_touches import MoveTask, ReassignTask, RecordedTask
from shared.storage.database import Tx


async def move_task(command: MoveTask, tx: Tx) -> RecordedTask:
    """Let a task wait for a later business day; beyond the slip of its tier, the sequence waits as well (R43)."""
    task = _open(await named(command, tx))
    if (task.status, task.due_on) == ("moved", command.until):
        return await recorded(task, changed=False, tx=tx)
    refuse_day(command.until, tx.today)
    if command.until == tx.today:
        raise Refused(f"{command.until} is today; state a later day.", code=422)
    beyond = _is_beyond_slip(task, command.until)
    waiting = moved(task, command.until, command.reason, tx.actor, tx.today)
    if beyond:
        waiting = replace(waiting, planned_on=command.until)
    return await _record(waiting, "moved", command.reason, tx, *_pauses(waiting, command, beyond), before=task)


async def reassign_task(command: ReassignTask, tx: Tx) -> RecordedTask:
    """Give a task to a rep who works today."""
    task = _open(await named(command, tx))
    if task.rep == command.to:
        return await recorded(task, changed=False, tx=tx)
    team = await reps.load(tx)
    if command.to not in (working := team.working(tx.today)):
        known = ", ".join(working)
        raise Refused(f"{command.to!r} does not work today; there are {known}.", 422, {"to": f"is not one of {known}"})
    task = replace(task, rep=command.to, absent=None, version=task.version + 1)
    return await _record(task, "reassigned", command.reason, tx)


def _open(task: Task) -> Task:
    if not task.is_open:
        outcome = f" ({task.outcome})" if task.outcome else ""
        raise Refused(
            f"Task {short(task)} was {task.status} by {task.done_by} on {task.done_on}{outcome}; nothing was changed.",
            code=409,
        )
    return task


def _is_beyond_slip(task: Task, until: date) -> bool:
    book = playbook()
    if task.kind != "step" or task.tier not in book.tiers:
        return False
    return until > latest_day(task, book.rule(task.tier).slip_days, book.closed)


def _pauses(task: Task, command: MoveTask, beyond: bool) -> list[Decision]:
    """A touch beyond the slip of its tier, and a promised one, let the sequence of the account wait as well."""
    reason = command.reason or f"{command.actor} moved a {task.channel} to {command.until}."
    if beyond:
        return [pause(task.facility_id, command.until, reason)]
    until = next_business_day(command.until, closed_days())
    return [pause(task.facility_id, until, reason)] if task.kind in PROMISED else []


async def _record(
    task: Task, kind: str, reason: str | None, tx: Tx, *more: Decision, before: Task | None = None
) -> RecordedTask:
    """Store a task, log what was done about it and, with the task `before` it was moved, how that is taken back."""
    book = playbook()
    current = await board.of_accounts(tx, book, [task.facility_id])
    next_on: dict[str, date | None] = {task.facility_id: task.due_on}

    def stated(now: Board, _: Playbook) -> Board:
        return now.having(tasks=[task]).expecting(next_on)

    # The person of a task that waited for its place may be one who is not contacted any more.
    after = await decide(tx, current, book, stated, *more, follow_contacts)
    if before:
        await record_followed(task, replace(followed_by(task, current, after), moved=before), tx)
    tx.emit(touch_logged(await tasks.log(tx, task, kind, reason, task.due_on)))
    followed = ["The sequence waits as well."] if more else []
    return await recorded(after.tasks[task.task_id], changed=True, tx=tx, followed=followed)
