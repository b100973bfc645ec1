"""Which enrollments wait, and which go on?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook


def pause(facility_id: str, until: date, reason: str) -> Decision:
    """The decision that lets the enrollments of an account wait; those that only cover it go on."""

    def paused(board: Board, book: Playbook) -> Board:
        own = (each for each in board.open if each.facility_id == facility_id and each.status in ("active", "paused"))
        return board.having(enrollments=(_paused(each, board.today, until, reason) for each in own))

    return paused


def _paused(each: Enrollment, today: date, until: date, reason: str) -> Enrollment:
    """A pause that goes on keeps its first day."""
    paused_on = each.paused_on or today
    return replace(each, status="paused", paused_on=paused_on, resume_on=until, reason=reason, absent=None)


def resume(board: Board, book: Playbook) -> Board:
    """Go on with enrollments whose pause is over; what is left of them is as far apart as before the pause."""
    over = ((each, each.paused_on) for each in board.paused if each.resume_on and each.resume_on <= board.today)
    return board.having(
        enrollments=(
            replace(
                each,
                status="active",
                shifted_days=each.shifted_days + (board.today - paused_on).days,
                paused_on=None,
                resume_on=None,
                absent=None,
                reason=None,
            )
            for each, paused_on in over
            if paused_on
        )
    )
