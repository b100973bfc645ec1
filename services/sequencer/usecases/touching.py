"""What follows from the outcome of a touch?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.contacts import name_key
from services.sequencer.domain.corrections import WrongDetail
from services.sequencer.domain.plan.account_tasks import add_task, callback_task, follow_up_task, research_for
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.touches import WITH_ARTICLE, TouchOutcome
from services.sequencer.settings import closed_days, playbook, roles, touches
from services.sequencer.store import board, contacts, tasks
from services.sequencer.usecases.announcing import contact_changed
from services.sequencer.usecases.deciding import Effects, decide, follow, pause_account, stop_account
from services.sequencer.usecases.outcomes import record_outcome
from shared.contracts.sequencer_leads import OutcomeKind, RecordOutcome
from shared.contracts.sequencer_touches import CompleteTask
from shared.storage.database import Tx

DETAILS = {"call": "direct_phone", "email": "email"}
"""The detail of a contact that a channel uses."""


async def carry_out(task: Task, outcome: TouchOutcome, command: CompleteTask, tx: Tx) -> list[str]:
    """Carry out what the pack defines for an outcome. Returns it in sentences."""
    match outcome.then:
        case "interested":
            return await _interested(task, outcome, tx)
        case "callback":
            return await _callback(task, command.on or tx.today, tx)
        case "meeting":
            return await _outcome(task, "meeting", task.note, tx)
        case "not_interested" if command.confirm_loss:
            return await _outcome(task, "lost", task.note or outcome.title, tx)
        case "not_interested":
            hint = f"pipeline outcome {task.facility_id} lost --reason ..."
            return [f"The sequence continues. If the lead is lost, record it: `{hint}`."]
        case "wrong_contact":
            return await _wrong_contact(task, tx)
        case "none":
            return []


async def _interested(task: Task, outcome: TouchOutcome, tx: Tx) -> list[str]:
    stopped = _stopped(await stop_account(tx, task.facility_id, f"Touch: {outcome.title}."))
    current = await board.of_accounts(tx, playbook(), [task.facility_id])
    following = follow_up_task(current.accounts[task.facility_id], task, outcome, touches(), tx.today, closed_days())
    return [*stopped, *await _added(following, current, tx)]


async def _callback(task: Task, on: date, tx: Tx) -> list[str]:
    reason = f"A call was promised for {on}."
    await pause_account(tx, task.facility_id, next_business_day(on, closed_days()), reason)
    current = await board.of_accounts(tx, playbook(), [task.facility_id])
    return await _added(callback_task(current.accounts[task.facility_id], task, touches(), on, tx.today), current, tx)


async def _wrong_contact(task: Task, tx: Tx) -> list[str]:
    """Use a number or an address no more, and ask for research of another one."""
    value = (task.person or {}).get(DETAILS.get(task.channel, ""))
    if not task.person or not value:
        return []
    await contacts.flag(tx, WrongDetail(task.task_id, name_key(task.person["name"]), value, tx.today, tx.actor))
    await follow_details(task.facility_id, tx)
    current = await board.of_accounts(tx, playbook(), [task.facility_id])
    research = research_for(current.accounts[task.facility_id], task, value, tx.today, closed_days())
    return [f"{value} is used no more.", *await _added(research, current, tx)]


async def follow_details(facility_id: str, tx: Tx) -> None:
    """Publish what is known of the people of a facility now, and apply it to its tasks."""
    known = await contacts.load(tx, roles(), [facility_id])
    tx.emit(*map(contact_changed, await contacts.update_states(tx, known)))
    await follow(tx, lambda each: facility_id in (each.facility_id, *each.covers))


async def _added(following: Task, current: Board, tx: Tx) -> list[str]:
    """Add a task that follows, in a new version if the touch had been taken back."""
    [*before] = await tasks.with_ids(tx, [following.task_id])
    version = max((each.version for each in before), default=0) + 1
    await decide(tx, current, playbook(), add_task(replace(following, version=version)), cover_absent)
    return [f"{WITH_ARTICLE[following.channel]} follows on {following.due_on} [{str(following.task_id)[:8]}]."]


async def _outcome(task: Task, kind: OutcomeKind, reason: str | None, tx: Tx) -> list[str]:
    command = RecordOutcome(facility_id=task.facility_id, outcome=kind, reason=reason, actor=tx.actor)
    recorded = await record_outcome(command, tx)
    lead = "upsell lead" if recorded.lead_source == "upsell" else "lead"
    recorded_for = f"the {lead} of {recorded.facility_id}"
    return [f"{kind.capitalize()} is recorded for {recorded_for}; its sequence ends."]


def _stopped(effects: Effects) -> list[str]:
    return [f"The enrollment in {each.sequence} ended." for each in effects.enrollments]
