"""How is the outcome of a lead recorded, and how is it taken back? Each in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engines.suppression.statements import added
from services.sequencer import store
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import Places
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import Lead, lead_source, new_lead
from services.sequencer.domain.outcomes import (
    Before,
    Outcome,
    OutcomeKind,
    before,
    carried_out,
    is_repeated,
    no_contact,
    outcome_of,
    undone,
)
from services.sequencer.domain.plan.order import RESTORED
from services.sequencer.settings import playbook
from services.sequencer.store import accounts, enrollments, leads, suppressions, tasks
from services.sequencer.store import board as boards
from services.sequencer.store import outcomes as recorded
from services.sequencer.usecases import suppressing
from services.sequencer.usecases.announcing import decided, outcome_undone
from services.sequencer.usecases.deciding import company, decide, follow
from services.sequencer.usecases.suppressing import facility_statement
from services.sequencer.usecases.team import cover_restored
from shared.contracts.refusals import Refused
from shared.contracts.requests import refuse_outdated
from shared.contracts.sequencer_leads import RecordedOutcome, RecordOutcome, UndoOutcome
from shared.storage.database import Tx

LOST = "outcome: lost"
"""The source of a suppression for the reason of a loss."""


async def record_outcome(request: RecordOutcome, tx: Tx) -> RecordedOutcome:
    """Record an outcome once, with everything that follows from it (R51, R52)."""
    await store.lock(tx)
    # A reason that forbids contact always counts, even if the lead was already lost for another reason.
    channels = no_contact(request.reason, playbook().outcomes.no_contact) if request.outcome == "lost" else []
    if channels:
        await accounts.lock_all(tx)
    others = await company(tx, request.facility_id) if request.outcome == "meeting" else []
    board = await boards.of_accounts(tx, playbook(), {request.facility_id, *others})
    lead = await _lead(board, request.facility_id, request.outcome, tx)
    last = await recorded.last(tx, lead.lead_id)
    _refuse_outdated(request, lead, last)
    if is_repeated(last, lead, request.outcome):
        await _suppress(lead.facility_id, channels, request.reason, tx)
        return _reply(lead, False, channels)
    if lead.lead_id not in board.leads:
        board = await decide(tx, board, playbook(), lambda old, _: old.having(leads=[lead]))
    return _reply(await _carry_out(request, lead, board, channels, tx), True, channels)


def _reply(lead: Lead, changed: bool, not_contacted: list[str]) -> RecordedOutcome:
    return RecordedOutcome(
        facility_id=lead.facility_id,
        lead_id=lead.lead_id,
        lead_source=lead.lead_source,
        stage=lead.stage,
        closed_on=lead.closed_on,
        version=lead.version,
        changed=changed,
        not_contacted=not_contacted,
    )


async def _carry_out(request: RecordOutcome, lead: Lead, board: Board, channels: list[str], tx: Tx) -> Lead:
    decisions = carried_out(lead.lead_id, request.outcome, request.reason, tx.actor)
    after = await decide(tx, board, playbook(), *decisions)
    suppressed = await _suppress(lead.facility_id, channels, request.reason, tx)
    lead = after.leads[lead.lead_id]
    outcome = outcome_of(lead, request.outcome, request.reason, tx.actor, tx.today)
    await recorded.record(tx, outcome, before(lead.lead_id, board, after, suppressed))
    tx.emit(decided(outcome))
    return lead


async def take_back(request: UndoOutcome, tx: Tx) -> tuple[Lead, Outcome]:
    """Take back the last outcome of an account, on the day on which it was recorded."""
    await store.lock(tx)
    await accounts.lock_all(tx)
    outcome = await _of_today(request.facility_id, tx)
    was = await recorded.before(tx, outcome)
    if was.suppressed:
        again = await facility_statement(tx, outcome.facility_id, was.suppressed, "the loss was taken back", LOST)
        await suppressing.allow(tx, again)
    board = await _board_of(outcome, was, tx)
    lead = board.leads[outcome.lead_id]
    refuse_outdated(request, lead.version, f"the lead is {lead.stage}.")
    if await leads.moved_since(tx, lead.lead_id, outcome.version):
        raise Refused(f"The lead of {outcome.facility_id} has moved on to {lead.stage} since.", code=409)
    after = await decide(tx, board, playbook(), undone(outcome, was), *RESTORED)
    await cover_restored(tx, board.team)
    outcome = replace(outcome, undone_by=tx.actor, undone_on=tx.today)
    await recorded.record_undone(tx, outcome)
    await leads.forget_moves(tx, lead.lead_id, outcome.version, outcome.version)
    tx.emit(outcome_undone(outcome))
    return after.leads[lead.lead_id], outcome


async def _of_today(facility_id: str, tx: Tx) -> Outcome:
    outcome = await recorded.last_of_account(tx, facility_id)
    if outcome is None:
        raise Refused(f"No outcome is recorded for {facility_id}; there is nothing to take back.", code=404)
    if outcome.decided_on != tx.today:
        raise Refused(
            f"The outcome of {facility_id} ({outcome.outcome}) was recorded on {outcome.decided_on}, and could be taken"
            " back on that day only. Record another outcome, or re-open the lead: `pipeline lead reopen`.",
            code=409,
        )
    return outcome


async def _board_of(outcome: Outcome, was: Before, tx: Tx) -> Board:
    """The board of an account, with the enrollments and tasks that an outcome changed."""
    covered = {key for each in was.enrollments for key in (each.facility_id, *each.covers)}
    board = await boards.of_accounts(tx, playbook(), {outcome.facility_id, *covered})
    return board.adding(
        await enrollments.with_ids(tx, [each.enrollment_id for each in was.enrollments]),
        await tasks.with_ids(tx, [task.task_id for task in was.tasks]),
    )


def _refuse_outdated(request: RecordOutcome, lead: Lead, last: Outcome | None) -> None:
    recorded_by = f"; {last.outcome}, recorded by {last.decided_by} on {last.decided_on}" if last else ""
    refuse_outdated(request, lead.version, f"the lead is {lead.stage}{recorded_by}.")


async def _suppress(facility_id: str, channels: list[str], reason: str | None, tx: Tx) -> list[str]:
    """Suppress a facility, for the reason of a loss (R85). Returns the channels that were not suppressed before."""
    if not channels:
        return []
    earlier = await suppressions.of_target(tx, "facility", facility_id)
    suppression, _ = await suppressing.stop(tx, await facility_statement(tx, facility_id, channels, reason or "", LOST))
    await follow(tx, Places(frozenset([facility_id])))
    return added(earlier, suppression)


async def _lead(board: Board, facility_id: str, kind: OutcomeKind, tx: Tx) -> Lead:
    """The lead of an outcome: a client's upsell, unless the win that made it a client is recorded again."""
    account = _account(board, facility_id)
    if existing := board.leads.get(lead_id(facility_id, lead_source(account.client))):
        return existing
    prospect = board.prospect_lead(facility_id)
    if prospect and prospect.phase == kind == "won":
        return prospect
    lead = new_lead(account, (), tx.today, playbook().stages)
    return lead if account.client else replace(lead, raised_on=await _worked_since(facility_id, tx))


def _account(board: Board, facility_id: str) -> Account:
    if facility_id not in board.accounts:
        raise Refused(f"There is no account {facility_id}. Import the registry that lists it first.", code=404)
    return board.accounts[facility_id]


async def _worked_since(facility_id: str, tx: Tx) -> date:
    """The day on which the last enrollment of a prospect without a lead started."""
    starts = [each.started_on for each in await enrollments.of_account(tx, facility_id) if each.started_on]
    return max(starts, default=tx.today)
