"""What happens when a person re-opens a lost lead, or declines to? (R52)"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer.domain.board import Board
from services.sequencer.domain.leads import Lead, reopened
from services.sequencer.settings import playbook
from services.sequencer.usecases.leading import change, current, replacing
from shared.contracts.refusals import Refused
from shared.contracts.sequencer_leads import ChangedLead, ReopenLead
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@router.command
async def reopen_lead(request: ReopenLead, tx: Tx) -> ChangedLead:
    """Begin a lost lead again: the next plan may enroll the account, in mid-sequence if a step is given."""
    board, lead = await current(request, request.facility_id, tx)
    if lead.phase != "lost":
        raise Refused(f"The lead of {lead.facility_id} is not lost; it is {lead.stage}.", code=409)
    if request.decline:
        declined = replace(lead, reopen_asked_on=None, reopen_declined_on=tx.today)
        return await change(tx, board, lead, replacing(declined))
    _refuse_step(board, lead, request.from_step)
    again = reopened(lead, playbook().stages, tx.actor, request.reason, tx.today)
    return await change(tx, board, lead, replacing(replace(again, from_step=request.from_step)))


def _refuse_step(board: Board, lead: Lead, step: int | None) -> None:
    book, tier = playbook(), board.accounts[lead.facility_id].tier
    if step is None:
        return
    if tier not in book.tiers:
        raise Refused(f"{lead.facility_id} is in Tier {tier}, which has no sequence; re-open it without a step.", 422)
    sequence = book.sequence(tier)
    if step > len(sequence.steps):
        raise Refused(f"{sequence.name} has {len(sequence.steps)} steps; there is no step {step}.", code=422)
