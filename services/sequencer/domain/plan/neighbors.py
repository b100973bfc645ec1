"""Which enrollments wait because of another account of the chain, or because their posting closed?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.calendar import roll
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.ending import end
from services.sequencer.domain.plan.pausing import pause_all
from services.sequencer.domain.signals import Signal


def why_company(facility_id: str, what: str) -> str:
    """Why the enrollments of the other members of a chain wait."""
    return f"{facility_id}, of the same chain: {what}."


def pause_company(facility_id: str, what: str) -> Decision:
    """The decision that lets the running enrollments of the other members of a chain wait, if the pack says so."""

    def waiting(board: Board, book: Playbook) -> Board:
        chain = chain_key(board.accounts[facility_id].chain)
        if book.exits.same_company == "continue" or chain is None:
            return board
        others = [
            each
            for each in board.active
            if facility_id not in each.covers and chain_key(board.accounts[each.facility_id].chain) == chain
        ]
        until = roll(board.today + timedelta(days=book.exits.pause_days), book.closed)
        return pause_all(board, others, until, why_company(facility_id, what))

    return waiting


def follow_closed_postings(board: Board, book: Playbook) -> Board:
    """End enrollments, or let them wait, once the last posting for which they started has closed, as the pack says.

    A pause begins with the closing, so that it is not repeated when it is over.
    """
    rule = book.exits.posting_closed
    if rule == "continue":
        return board
    over = [(each, closed) for each in board.active if (closed := _closed_on(board, each))]
    if rule == "end":
        return end(board, {each.enrollment_id: f"Its last posting closed on {closed}." for each, closed in over})
    for each, closed in over:
        until = roll(closed + timedelta(days=book.exits.pause_days), book.closed)
        if until > board.today:
            board = pause_all(board, [each], until, f"Its last posting closed on {closed}.")
    return board


def _closed_on(board: Board, each: Enrollment) -> date | None:
    """The day on which the last posting closed; None while one is open, or if it started without one."""
    if any(board.signals.get(key) for key in each.covers):
        return None
    past: list[Signal] = [signal for key in each.covers for signal in _of(board.past_signals.get(key))]
    started = each.started_on or board.today
    behind = [signal for signal in past if signal.first_seen_on <= started <= signal.expires_on]
    return max((signal.expires_on for signal in behind), default=None)


def _of(signals: Sequence[Signal] | None) -> Sequence[Signal]:
    return signals or ()
