"""Which enrollments wait, and which go on?"""

from __future__ import annotations

from dataclasses import replace

from services.sequencer.domain.board import Board
from services.sequencer.domain.pack import Playbook


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
                reason=None,
            )
            for each, paused_on in over
            if paused_on
        )
    )
