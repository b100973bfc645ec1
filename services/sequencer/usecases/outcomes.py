"""How is the outcome of a lead recorded, and what follows from it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.sequencer import store
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import Lead, lead_source, new_lead
from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.outcomes import Outcome, is_repeated, no_contact, outcome_of, with_outcome
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.suppression import Statement
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, enrollments, leads
from services.sequencer.store import board as boards
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import decided
from services.sequencer.usecases.deciding import decide, follow
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_leads import RecordedOutcome, RecordOutcome
from shared.storage.database import Tx

ENDS = {
    "meeting": "A meeting was scheduled.",
    "won": "The facility became an active client.",
    "lost": "The lead was lost.",
}
"""Why an outcome ends the enrollments of its account."""


async def record_outcome(request: RecordOutcome, tx: Tx) -> RecordedOutcome:
    """Record an outcome once. It stops the enrollments of its account; a win makes it a client (R51, R52)."""
    await store.lock(tx)
    board = await boards.of_accounts(tx, playbook(), [request.facility_id])
    lead = await _lead(board, request, tx)
    last = await leads.last_outcome(tx, lead.lead_id)
    _refuse_outdated(request, lead, last)
    changed = not is_repeated(last, lead, request.outcome)
    if changed:
        lead = await _carry_out(request, lead, board, tx)
    # A reason that forbids contact always counts, even if the lead was already lost for another reason.
    channels = await _suppress(lead.facility_id, request, tx)
    return RecordedOutcome(
        facility_id=lead.facility_id,
        lead_id=lead.lead_id,
        lead_source=lead.lead_source,
        stage=lead.stage,
        closed_on=lead.closed_on,
        version=lead.version,
        changed=changed,
        not_contacted=channels,
    )


def _refuse_outdated(request: RecordOutcome, lead: Lead, last: Outcome | None) -> None:
    recorded = f"; {last.outcome}, recorded by {last.decided_by} on {last.decided_on}" if last else ""
    refuse_outdated(request, lead.version, f"the lead is {lead.stage}{recorded}.")


async def _carry_out(request: RecordOutcome, lead: Lead, board: Board, tx: Tx) -> Lead:
    """Decide everything that follows, in one transaction. Returns the lead with its outcome."""
    known = () if lead.lead_id in board.leads else (_raise(lead),)
    ends = withdraw(lead.facility_id, ENDS[request.outcome])
    after = await decide(tx, board, playbook(), *known, _record(request, lead.lead_id, tx), ends, end_account_tasks)
    lead = after.leads[lead.lead_id]
    outcome = outcome_of(lead, request.outcome, request.reason, tx.actor, tx.today)
    await leads.record_outcome(tx, outcome)
    tx.emit(decided(outcome))
    return lead


def _raise(lead: Lead) -> Decision:
    return lambda board, book: board.having(leads=[lead])


def _record(request: RecordOutcome, lead_id: UUID, tx: Tx) -> Decision:
    """The decision that gives a lead its outcome, and that makes the account of a win a client."""

    def recorded(board: Board, book: Playbook) -> Board:
        lead = board.leads[lead_id]
        lead = with_outcome(lead, request.outcome, request.reason, tx.actor, tx.today, book.stages)
        account = board.accounts[lead.facility_id]
        clients = [replace(account, client=True, owner=account.owner or tx.actor)] if request.outcome == "won" else []
        return board.having(leads=[lead], accounts=clients)

    return recorded


async def _suppress(facility_id: str, request: RecordOutcome, tx: Tx) -> list[str]:
    """Suppress a facility if the reason of a loss forbids contact, by the pack's list (R85)."""
    channels = no_contact(request.reason, playbook().outcomes.no_contact) if request.outcome == "lost" else []
    if channels:
        statement = Statement(
            scope="facility",
            target=facility_id,
            label=await accounts.facility_label(tx, facility_id),
            marks=place_marks(facility_id, None),
            channels=channels,
            reason=request.reason or "",
            source="outcome: lost",
            stated_by=tx.actor,
            stated_on=tx.today,
        )
        await suppressing.stop(tx, statement)
        await follow(tx)
    return channels


async def _lead(board: Board, request: RecordOutcome, tx: Tx) -> Lead:
    """The lead of an outcome: a client's upsell, unless the win that made it a client is recorded again."""
    account = _account(board, request.facility_id)
    if existing := board.leads.get(lead_id(account.facility_id, lead_source(account.client))):
        return existing
    prospect = board.prospect_lead(account.facility_id)
    if prospect and prospect.phase == request.outcome == "won":
        return prospect
    lead = new_lead(account, (), tx.today, playbook().stages)
    return lead if account.client else replace(lead, raised_on=await _worked_since(account.facility_id, tx))


def _account(board: Board, facility_id: str) -> Account:
    if facility_id not in board.accounts:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    return board.accounts[facility_id]


async def _worked_since(facility_id: str, tx: Tx) -> date:
    """The day on which the last enrollment of a prospect without a lead started."""
    starts = [each.started_on for each in await enrollments.of_account(tx, facility_id) if each.started_on]
    return max(starts, default=tx.today)
