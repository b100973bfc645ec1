"""Which leads are raised and closed today, and who owns accounts and leads?"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer.domain.board import Board
from services.sequencer.domain.leads import leads_for, why_close
from services.sequencer.domain.owners import assign
from services.sequencer.domain.pack import Playbook


def raise_leads(board: Board, book: Playbook) -> Board:
    """Raise or refresh the lead of every listed account with an open signal."""
    accounts = sorted(board.accounts.values(), key=lambda account: account.facility_id)
    return board.having(leads=leads_for(accounts, board.signals, board.leads, board.today))


def close_leads(board: Board, book: Playbook) -> Board:
    """Close the leads of accounts that became clients or left the registry."""
    reasons = [
        (lead, why_close(lead, board.accounts[lead.facility_id]))
        for lead in board.leads.values()
        if lead.closed_on is None
    ]
    return board.having(
        leads=(replace(lead, closed_on=board.today, closed_reason=reason) for lead, reason in reasons if reason)
    )


def assign_owners(board: Board, book: Playbook) -> Board:
    """Assign an owner to each prospect of a worked tier; a lead has the owner of its account."""
    owners = assign(board.prospects(book.tiers), board.team.members(board.today))
    board = board.having(accounts=(replace(board.accounts[key], owner=owner) for key, owner in owners.items()))
    opened = (lead for lead in board.leads.values() if lead.closed_on is None)
    return board.having(leads=(replace(lead, owner=board.accounts[lead.facility_id].owner) for lead in opened))
