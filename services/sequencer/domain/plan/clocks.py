"""Which accounts have waited too long for a touch, and what should their owners do? (R94 to R97)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engines.cadence.sla import Sla, hours_between, status_of
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.enrolling import LastStarts, last_starts, may_start_on
from services.sequencer.domain.sla import Clock, Timing, started_at, waits_for_touch
from services.sequencer.domain.suppression import closed_place


def clocks(board: Board, book: Playbook, sla: Sla, timings: Iterable[Timing], now: datetime) -> list[Clock]:
    """The clocks of prospects at a local time, most urgent first."""
    enrolled = {key: each for each in board.open for key in each.covers}
    starts = last_starts(board)
    found = [
        clock
        for timing in timings
        if (account := board.accounts.get(timing.facility_id)) and _has_clock(board, account)
        if (clock := _clock(board, book, sla, timing, enrolled, starts, now))
    ]
    return sorted(found, key=lambda each: each.urgency)


def _has_clock(board: Board, account: Account) -> bool:
    return board.is_prospect(account) and not closed_place(account.facility_id, account.chain, board.suppressions)


def _clock(
    board: Board,
    book: Playbook,
    sla: Sla,
    timing: Timing,
    enrolled: Mapping[str, Enrollment],
    starts: LastStarts,
    now: datetime,
) -> Clock | None:
    start = started_at(timing, sla.starts)
    if start is None:
        return None
    enrollment, rule = enrolled.get(timing.facility_id), sla.tiers[timing.tier]
    stopped = _stopped(board, book, sla, timing, enrollment, starts)
    hours = hours_between(start, now, sla.clock, lambda day: is_business_day(day, book.closed))
    status = "on_track" if stopped else status_of(hours, rule)
    action = _action(board, timing, enrollment) if status != "on_track" else None
    return Clock(timing, start.date(), hours, status, rule.labels[status], stopped, action)


def _stopped(
    board: Board, book: Playbook, sla: Sla, timing: Timing, enrollment: Enrollment | None, starts: LastStarts
) -> str | None:
    """Why a clock does not run now."""
    blocked = enrollment is not None and enrollment.status == "blocked"
    planned = timing.next_follow_up_on
    if waits_for_touch(sla.stops, planned, board.today, blocked):
        return f"next touch on {planned}"
    if "resting" in sla.stops and enrollment is None:
        until = may_start_on(board, book, board.accounts[timing.facility_id], starts)
        return f"rests until {until}" if until > board.today else None
    return None


def _action(board: Board, timing: Timing, enrollment: Enrollment | None) -> str:
    if timing.owner is None:
        return "Assign an owner."
    if enrollment and enrollment.status == "blocked":
        return f"Find the {' or the '.join(enrollment.missing)}." if enrollment.missing else "Start its sequence."
    if timing.next_follow_up_on and timing.next_follow_up_on < board.today:
        return f"Do the touch of {timing.next_follow_up_on} now."
    return "Touch it: its sequence waits." if enrollment else "Touch it, or wait for a place in its sequence."
