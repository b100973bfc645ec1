"""What follows from the outcome of a touch?"""

from __future__ import annotations

from datetime import date

from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.plan.account_tasks import callback_task
from services.sequencer.domain.tasks import Task
from services.sequencer.domain.touches import TouchOutcome
from services.sequencer.settings import closed_days, playbook, touches
from services.sequencer.store import board
from services.sequencer.usecases.deciding import pause_account
from services.sequencer.usecases.exiting import (
    Stated,
    added,
    interested,
    replied,
    suppress,
    use_no_more,
    wait_for,
)
from services.sequencer.usecases.outcomes import record_outcome
from shared.contracts.sequencer_leads import OutcomeKind, RecordOutcome
from shared.contracts.sequencer_touches import TouchResult
from shared.storage.database import Tx

DETAILS = {"call": "direct_phone", "email": "email"}
"""The detail of a contact that a channel uses."""


async def carry_out(task: Task, outcome: TouchOutcome, command: TouchResult, tx: Tx) -> list[str]:
    """Carry out what the pack defines for an outcome. Returns it in sentences."""
    by = Stated(tx.actor, tx.today, tx.now, task.task_id)
    match outcome.then:
        case "interested":
            return await (replied if task.channel == "email" else interested)(task, outcome, tx)
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
            value = _detail(task)
            return await use_no_more(task, value, by, tx) if value else []
        case "unsubscribed":
            address = (task.person or {}).get("email")
            return await suppress(address, ["email"], outcome.title, "touch", by, tx) if address else []
        case "out_of_office":
            return await _out_of_office(task, command.on, by, tx)
        case "none":
            return []


async def _callback(task: Task, on: date, tx: Tx) -> list[str]:
    reason = f"A call was promised for {on}."
    await pause_account(tx, task.facility_id, next_business_day(on, closed_days()), reason)
    current = await board.of_accounts(tx, playbook(), [task.facility_id])
    return await added(callback_task(current.accounts[task.facility_id], task, touches(), on, tx.today), current, tx)


async def _out_of_office(task: Task, back_on: date | None, by: Stated, tx: Tx) -> list[str]:
    if back_on is None:
        return ["The sequence continues; with `--on` and the day of the return, the next touch waits for it."]
    return await wait_for(task, _detail(task) or "", back_on, by, tx)


def _detail(task: Task) -> str | None:
    """The number or address that a touch used."""
    value: str | None = (task.person or {}).get(DETAILS.get(task.channel, ""))
    return value


async def _outcome(task: Task, kind: OutcomeKind, reason: str | None, tx: Tx) -> list[str]:
    command = RecordOutcome(facility_id=task.facility_id, outcome=kind, reason=reason, actor=tx.actor)
    recorded = await record_outcome(command, tx)
    lead = "upsell lead" if recorded.lead_source == "upsell" else "lead"
    recorded_for = f"the {lead} of {recorded.facility_id}"
    ends = "; its sequence ends" if task.enrollment_id else ""
    return [f"{kind.capitalize()} is recorded for {recorded_for}{ends}."]
