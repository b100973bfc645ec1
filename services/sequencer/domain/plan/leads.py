"""Which leads are raised, moved and closed today, and who owns accounts and leads?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.identity import lead_id
from services.sequencer.domain.leads import (
    Lead,
    closed,
    lead_source,
    leads_for,
    moved,
    new_lead,
    reopened,
    why_close,
)
from services.sequencer.domain.owners import assign, roster, with_owner
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.stages import DECIDED, Cause
from services.sequencer.domain.tasks import BY


def raise_leads(board: Board, book: Playbook) -> Board:
    """Raise or refresh the lead of every listed account with an open signal."""
    accounts = sorted(board.accounts.values(), key=lambda account: account.facility_id)
    return board.having(leads=leads_for(accounts, board.signals, board.leads, board.today, book.stages))


def raise_worked(board: Board, book: Playbook) -> Board:
    """Raise the lead of every account that is worked, with or without a signal (R48).

    One that had closed because its account left the registry opens again; that of a former client, which was won,
    begins again. A step at which an enrollment was to begin is no longer needed.
    """
    worked = sorted({key for each in board.active for key in each.covers})
    raised = [_worked(board, board.accounts[key], book) for key in worked]
    enrolled = {key for each in board.open for key in each.covers}
    board = board.having(leads=[lead for lead in raised if lead])
    begun = (lead for lead in _open(board) if lead.from_step and lead.facility_id in enrolled)
    return board.having(leads=(replace(lead, from_step=None) for lead in begun))


def _worked(board: Board, account: Account, book: Playbook) -> Lead | None:
    """The lead of an account that is worked now; None if it has an open one."""
    lead = board.leads.get(lead_id(account.facility_id, lead_source(account.client)))
    if lead is None:
        return new_lead(account, (), board.today, book.stages)
    if lead.is_open:
        return None
    if lead.phase in DECIDED:
        lead = reopened(lead, book.stages, BY, "worked again", board.today)
    return replace(lead, owner=account.owner, closed_on=None, closed_reason=None)


def close_leads(board: Board, book: Playbook) -> Board:
    """Close the leads of accounts that became clients or left the registry."""
    reasons = [
        (lead, account, why_close(lead, account))
        for lead in board.leads.values()
        if lead.is_open and (account := board.accounts.get(lead.facility_id))
    ]
    return board.having(
        leads=(closed(lead, reason, account, board.today) for lead, account, reason in reasons if reason)
    )


def assign_owners(board: Board, book: Playbook) -> Board:
    """Assign an owner to each prospect of a worked tier or with a signal; a lead has the owner of its account."""
    found = assign(_to_own(board, book), roster(board.team, book.assignment, board.today))
    assigned = (with_owner(board.accounts[key], each) for key, each in found.items())
    return own_leads(board.having(accounts=assigned), book)


def own_leads(board: Board, book: Playbook) -> Board:
    """An open lead has the owner of its account."""
    owners = ((lead, board.accounts[lead.facility_id].owner) for lead in _open(board))
    return board.having(leads=(replace(lead, owner=owner) for lead, owner in owners if owner != lead.owner))


def after(cause: Cause) -> Decision:
    """The decision that moves open leads which something moves by itself: a touch, or a meeting."""

    def advance(board: Board, book: Playbook) -> Board:
        return board.having(leads=[each for lead in _open(board) if (each := _advanced(lead, cause, board, book))])

    return advance


def engage(facility_ids: Collection[str]) -> Decision:
    """The decision that leaves accounts to their reps for some days: no sequence starts."""

    def engaged(board: Board, book: Playbook) -> Board:
        until = board.today + timedelta(days=book.stages.engaged_days)
        concerned = (lead for lead in _open(board) if lead.facility_id in facility_ids)
        return board.having(leads=(replace(lead, engaged_until=until) for lead in concerned))

    return engaged


def _advanced(lead: Lead, cause: Cause, board: Board, book: Playbook) -> Lead | None:
    stage = book.stages.entered_by(lead.lead_source, cause, lead.stage, lead.phase)
    return moved(lead, stage, BY, f"by a {cause}", board.today) if stage else None


def _open(board: Board) -> Iterable[Lead]:
    return [lead for lead in board.leads.values() if lead.is_open]


def _to_own(board: Board, book: Playbook) -> list[Account]:
    """The prospects of the worked tiers, and those with an open signal or an open lead."""
    with_leads = {lead.facility_id for lead in _open(board)} | board.signals.keys()
    found = {account.facility_id: account for account in board.prospects(book.tiers)}
    found |= {key: each for key in with_leads if (each := board.accounts.get(key)) and each.listed and not each.client}
    return sorted(found.values(), key=lambda account: account.facility_id)
