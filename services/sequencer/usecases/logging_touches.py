"""How is a touch recorded for which there was no task?"""

from __future__ import annotations

from datetime import datetime

from engines.packs import calendar
from services.sequencer import store
from services.sequencer.domain.plan.account_tasks import logged_task
from services.sequencer.settings import playbook, roles
from services.sequencer.store import board as boards
from services.sequencer.usecases.ending import chosen, end, others
from shared.clock import local_date
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_touches import LogTouch, RecordedTask
from shared.storage.database import Tx


async def log_touch(command: LogTouch, tx: Tx, at: datetime | None = None) -> RecordedTask:
    """Record a touch as a task that is done at once, and carry out what follows from its outcome.

    One that was logged elsewhere was `at` an earlier time, and is the owner's.
    """
    await store.lock(tx)
    role = command.role or roles().first
    if role not in roles().names:
        known = ", ".join(roles().names)
        raise Refused(f"There is no role {role}; there are {known}.", code=422, fields={"role": "is none of the roles"})
    outcome = chosen(command.channel, command, tx.today)
    more = await others(command.facility_id, outcome, tx)
    before = await boards.of_accounts(tx, playbook(), {command.facility_id, *more})
    account = before.accounts.get(command.facility_id)
    if account is None:
        raise Refused(f"There is no account {command.facility_id}. Import the registry that lists it first.", code=404)
    people = before.people_at(account.facility_id, account.chain if roles().is_of_chain(role) else None)
    rep, on = tx.actor, tx.today
    if at:
        rep, on = account.owner or rep, local_date(at, calendar().timezone)
    task = logged_task(account, str(command.command_id), command.channel, role, people, rep, on)
    return await end(task, outcome, command, before, tx, at)
