"""What happens when a person states what a lead is worth, and when it is expected to be won? (R175)"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer.settings import playbook
from services.sequencer.store import leads
from services.sequencer.usecases.leading import change, current, replacing
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import ChangedLead, StateAmount
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def state_amount(request: StateAmount, tx: Tx) -> ChangedLead:
    """State an amount; each statement stays in the history of the lead."""
    board, lead = await current(request, request.facility_id, tx)
    if request.close_on and request.close_on < tx.today and lead.is_open:
        raise Refused(f"The expected close {request.close_on} is in the past; check the year.", code=422)
    amount = lead.amount if request.amount is None else request.amount
    currency = request.currency or lead.currency or (playbook().stages.currency if amount is not None else None)
    stated = replace(lead, amount=amount, currency=currency, close_on=request.close_on or lead.close_on)
    changed = await change(tx, board, lead, replacing(stated))
    if changed.changed:
        await leads.record_amounts(tx, [replace(stated, version=changed.version)])
    return changed
