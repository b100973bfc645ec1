"""What happens to leads because of what people do?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.sequencer import store
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.intake import Invalid, filled
from services.sequencer.domain.leads import Lead, lead_source
from services.sequencer.domain.plan.leads import after
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from services.sequencer.store import board as boards
from services.sequencer.store import enrollments, leads, suppressions
from services.sequencer.usecases.deciding import decide
from services.sequencer.usecases.describing import described
from shared.contracts.refusals import Refused
from shared.contracts.requests import Versioned, refuse_outdated
from shared.contracts.sequencer_leads import ChangedLead
from shared.storage.database import Tx


async def follow_touch(tx: Tx, task: Task) -> None:
    """Move the leads of the accounts that a touch reached, as the pack says: all that its enrollment covers (R44)."""
    covers = (await enrollments.get(tx, task.enrollment_id)).covers if task.enrollment_id else []
    of_accounts = await leads.of_accounts(tx, {task.facility_id, *covers})
    book = playbook()
    board = Board(tx.today, book.roles, leads={lead.lead_id: lead for lead in of_accounts})
    await decide(tx, board, book, after("touch"))


async def current(request: Versioned[Any], facility_id: str, tx: Tx) -> tuple[Board, Lead]:
    """The board of an account, and the lead that a command is about. Raises `Refused`."""
    await store.lock(tx)
    board = await boards.of_accounts(tx, playbook(), [facility_id])
    lead = lead_on(board, facility_id)
    refuse_outdated(request, lead.version, f"the lead is {lead.stage}, since {lead.stage_since}.")
    return board, lead


def lead_on(board: Board, facility_id: str) -> Lead:
    """The current lead of an account: a client's upsell, or a prospect's lead. Raises `Refused`."""
    account = board.accounts.get(facility_id)
    if account is None:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    lead = board.leads.get(lead_id(facility_id, lead_source(account.client)))
    if lead is None:
        why = "a signal raises an upsell lead" if account.client else "a signal or the start of a sequence raises one"
        raise Refused(f"{facility_id} has no lead: {why}, with the plan of the day.", code=404)
    return lead


async def change(tx: Tx, board: Board, lead: Lead, *decisions: Decision) -> ChangedLead:
    """Carry out decisions on a lead. Returns its state, and whether it changed."""
    changed = await decide(tx, board, playbook(), *decisions)
    now = changed.leads[lead.lead_id]
    [row] = [each for each in await leads.show(tx, lead.facility_id) if each.lead_id == lead.lead_id]
    stopped = await suppressions.of_target(tx, "facility", lead.facility_id)
    return ChangedLead(
        **described(row, board.team, tx.today).model_dump(),
        changed=now.version != lead.version,
        ended=len(board.open) - len(changed.open),
        not_contacted=stopped.channels if stopped else [],
    )


def with_intake(lead: Lead, values: Mapping[str, str]) -> Lead:
    """A lead whose intake form states these values as well. Raises `Refused`."""
    if not values:
        return lead
    try:
        return replace(lead, intake=filled(lead, values, playbook().stages.intake))
    except Invalid as invalid:
        raise Refused(f"{invalid}; nothing was recorded.", code=422) from invalid


def replacing(lead: Lead) -> Decision:
    """The decision that a person took about a lead."""
    return lambda board, _: board.having(leads=[lead])
