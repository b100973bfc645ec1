"""How does a person end a task, and what is recorded?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from engines.packs import calendar
from services.sequencer.domain.board import Board
from services.sequencer.domain.due import follow_up_on
from services.sequencer.domain.plan.research import again_on
from services.sequencer.domain.sequences import Channel
from services.sequencer.domain.tasks import Task, TaskStatus, with_end
from services.sequencer.domain.touches import WITH_ARTICLE, TouchOutcome
from services.sequencer.settings import playbook, touches
from services.sequencer.store import accounts, enrollments, outcomes, sequences, tasks
from services.sequencer.usecases.announcing import task_done, touch_logged
from services.sequencer.usecases.deciding import company
from services.sequencer.usecases.leading import follow_touch
from services.sequencer.usecases.recording import LONGEST, named, recorded, refuse_day, short
from services.sequencer.usecases.touching import carry_out
from services.sequencer.usecases.undoing import look, record_followed, since
from shared.clock import local_date
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_touches import CompleteTask, RecordedTask, SkipTask, TouchResult
from shared.storage.database import Tx

_WITH_DAY = ("callback", "out_of_office")
"""The effects that may state a day."""


async def complete_task(command: CompleteTask, tx: Tx) -> RecordedTask:
    """Record a touch with its outcome, and carry out what follows from it."""
    task = await named(command, tx)
    if not task.is_open and not _comes_back(task, command):
        return await recorded(_refuse_opposite(task, "done"), changed=False, tx=tx)
    outcome = chosen(task.channel, command, tx.today)
    before = await look(task, tx, await others(task.facility_id, outcome, tx))
    if not task.is_open:
        return await _answer(task, outcome, command, before, tx)
    return await end(task, outcome, command, before, tx)


async def end(
    task: Task, outcome: TouchOutcome, command: TouchResult, before: Board, tx: Tx, at: datetime | None = None
) -> RecordedTask:
    """A touch was done, now or at an earlier time: store it, and carry out what follows from its outcome."""
    on = local_date(at, calendar().timezone) if at else tx.today
    task = with_end(task, "done", outcome.id, tx.actor, on, command.note)
    await record_end(task, tx, at)
    return await recorded(task, changed=True, tx=tx, followed=await _carry_out(task, outcome, command, before, tx))


async def others(facility_id: str, outcome: TouchOutcome, tx: Tx) -> list[str]:
    """The other accounts that an outcome may change; locks all, if anything follows from it."""
    if outcome.then != "none":
        await accounts.lock_all(tx)
    return await company(tx, facility_id) if outcome.then == "interested" else []


async def _answer(task: Task, outcome: TouchOutcome, command: CompleteTask, before: Board, tx: Tx) -> RecordedTask:
    """Record what came back for an e-mail that was sent, and carry out what follows."""
    answered = replace(task, version=task.version + 1, outcome=outcome.id, note=command.note)
    await tasks.save(tx, [answered])
    next_on = await _next_follow_up(answered, tx)
    tx.emit(task_done(answered), touch_logged(await tasks.log(tx, answered, "answered", command.note, next_on)))
    sentences = await carry_out(answered, outcome, command, tx)
    made = replace(await since(answered, before, tx), answered=task, answered_on=tx.today)
    await record_followed(answered, made, tx)
    return await recorded(answered, changed=True, tx=tx, followed=sentences)


def _comes_back(task: Task, command: CompleteTask) -> bool:
    """Whether a command records what came back for an e-mail that was sent."""
    may_come = [each.id for each in touches().answers(task.outcome)]
    return task.channel == "email" and task.status == "done" and command.outcome in may_come


async def skip_task(command: SkipTask, tx: Tx) -> RecordedTask:
    task = await named(command, tx)
    if not task.is_open:
        return await recorded(_refuse_opposite(task, "skipped"), changed=False, tx=tx)
    task = with_end(task, "skipped", command.reason, tx.actor, tx.today)
    await record_end(task, tx)
    return await recorded(task, changed=True, tx=tx)


async def _carry_out(task: Task, outcome: TouchOutcome, command: TouchResult, before: Board, tx: Tx) -> list[str]:
    """Carry out what follows, and store it. An outcome of the lead stores itself what it changes."""
    if outcome.then != "meeting" and not command.confirm_loss:
        sentences = await carry_out(task, outcome, command, tx)
        await record_followed(task, await since(task, before, tx), tx)
        return sentences
    made, earlier = await since(task, before, tx), await outcomes.last_of_account(tx, task.facility_id)
    sentences = await carry_out(task, outcome, command, tx)
    last = await outcomes.last_of_account(tx, task.facility_id)
    recorded_now = (last.lead_id, last.version) if last and last != earlier else None
    await record_followed(task, replace(made, outcome=recorded_now), tx)
    return sentences


def chosen(channel: Channel, command: TouchResult, today: date) -> TouchOutcome:
    """The outcome of a touch. Raises `Refused` for one that its channel does not have, and for a wrong day."""
    outcome = touches().chosen(channel, command.outcome)
    if outcome is None:
        given = f"has no outcome {command.outcome!r}" if command.outcome else "needs an outcome"
        choices = touches().choices(channel)
        raise Refused(f"{WITH_ARTICLE[channel]} {given}; its outcomes are {choices}.", code=422)
    if (command.on is None and outcome.then == "callback") or (command.on and outcome.then not in _WITH_DAY):
        need = "has no day" if command.on else "needs the day of the call"
        raise Refused(f"{outcome.id} {need}; nothing was recorded.", code=422, fields={"on": need})
    if command.confirm_loss and outcome.then != "not_interested":
        raise Refused(f"{outcome.id} is no loss, so there is none to confirm; nothing was recorded.", code=422)
    _refuse_day(command.on, outcome, today)
    return outcome


def _refuse_day(day: date | None, outcome: TouchOutcome, today: date) -> None:
    """A promised call is on a business day; a person returns on any later day."""
    if day and outcome.then == "callback":
        refuse_day(day, today)
    elif day and not today < day <= today + LONGEST:
        raise Refused(f"{day} is not a later day of the coming year; today is {today}.", code=422)


def _refuse_opposite(task: Task, status: TaskStatus) -> Task:
    """A repeated command gets the same reply; the opposite command is refused."""
    if task.status != status:
        raise Refused(
            f"Task {short(task)} was {task.status} by {task.done_by} on {task.done_on}"
            f"{f' ({task.outcome})' if task.outcome else ''}; nothing was changed.",
            code=409,
        )
    return task


async def record_end(task: Task, tx: Tx, at: datetime | None = None) -> None:
    """Store the task, log the touch on the account, and publish both (R49)."""
    await tasks.save(tx, [task])
    next_on = await _next_follow_up(task, tx)
    contacted = task.status == "done" and task.channel != "research"
    reached = await _covered(task, tx) if contacted else []
    activity = await tasks.log(tx, task, task.status, task.note, next_on, reached=reached, at=at)
    await accounts.record_follow_up(tx, task.facility_id, next_on)
    tx.emit(task_done(task), touch_logged(activity))
    if contacted:
        await accounts.record_contact(tx, [task.facility_id, *reached], task.done_on or tx.today)
        await follow_touch(tx, task)


async def _covered(task: Task, tx: Tx) -> list[str]:
    return (await enrollments.get(tx, task.enrollment_id)).covers if task.enrollment_id else []


async def _next_follow_up(task: Task, tx: Tx) -> date | None:
    if task.enrollment_id is None:
        return await tasks.next_on(tx, task.facility_id)
    enrollment = await enrollments.get(tx, task.enrollment_id)
    book = playbook()
    if enrollment.status == "blocked" and enrollment.tier in book.tiers:
        return again_on(enrollment, tx.today, book)
    pinned = await sequences.pinned(tx)
    sequence = pinned.get(enrollment.sequence_version or "") or book.sequences.get(enrollment.sequence)
    if enrollment.started_on is None or sequence is None:
        return None
    previous = await tasks.of_enrollments(tx, [enrollment.enrollment_id])
    return follow_up_on(enrollment, sequence, previous, tx.today, book.closed)
