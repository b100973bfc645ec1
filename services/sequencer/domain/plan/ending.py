"""Which enrollments end today, with their tasks?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.due import steps_ahead
from services.sequencer.domain.enrollments import Enrollment, EnrollmentStatus, why_stop
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.tasks import ended_with


def stop_enrollments(board: Board, book: Playbook) -> Board:
    """End the enrollments of clients, lost leads, delisted facilities and facilities of another tier (R45).

    The others stop covering such members.
    """
    reasons: dict[UUID, str] = {}
    narrowed: list[Enrollment] = []
    for each in board.open:
        members = [account for key in each.covers if board.is_prospect(account := board.accounts[key])]
        account, lost = board.accounts[each.facility_id], board.is_lost(each.facility_id)
        engaged = board.is_engaged(each.facility_id)
        if reason := _withdrawn(board, each, book) or why_stop(each, account, lost, engaged, members):
            reasons[each.enrollment_id] = reason
        elif len(members) < len(each.covers):
            narrowed.append(replace(each, covers=[member.facility_id for member in members]))
    return end(board.having(enrollments=narrowed), reasons)


def withdraw(facility_ids: Collection[str], reason: str) -> Decision:
    """The decision that ends the enrollments of accounts; those that only cover some of them go on without them."""

    def withdrawn(board: Board, book: Playbook) -> Board:
        own = [each for each in board.open if each.facility_id in facility_ids]
        narrowed = [
            replace(each, covers=left)
            for each in board.open
            if each.facility_id not in facility_ids
            and (left := [key for key in each.covers if key not in facility_ids]) != each.covers
        ]
        return end(board.having(enrollments=narrowed), {each.enrollment_id: reason for each in own})

    return withdrawn


def complete_enrollments(board: Board, book: Playbook) -> Board:
    """End the enrollments without further steps."""
    tasks = board.tasks_by_enrollment()
    completed = [
        each.enrollment_id
        for each in board.active
        if not (sequence := board.sequence(each, book)) or not steps_ahead(each, sequence, tasks[each.enrollment_id])
    ]
    return end(board, dict.fromkeys(completed, "Every task was done or skipped."), "completed")


def end(board: Board, reasons: Mapping[UUID, str], status: EnrollmentStatus = "stopped") -> Board:
    """End enrollments, cancel their open tasks for the same reason, and clear their next follow-up."""
    ended = [
        replace(board.enrollments[key], status=status, ended_on=board.today, reason=reason)
        for key, reason in reasons.items()
    ]
    canceled = ended_with(board.tasks.values(), reasons, "canceled", board.today)
    return board.having(enrollments=ended, tasks=canceled).expecting({each.facility_id: None for each in ended})


def end_tasks(board: Board, book: Playbook) -> Board:
    """Cancel the open tasks of enrollments that have ended, for the same reason."""
    reasons = {each.enrollment_id: each.reason or "" for each in board.enrollments.values() if not each.is_open}
    canceled = ended_with(board.tasks.values(), reasons, "canceled", board.today)
    return board.having(tasks=canceled).expecting({task.facility_id: None for task in canceled})


def _withdrawn(board: Board, enrollment: Enrollment, book: Playbook) -> str | None:
    """The reason to end an enrollment whose sequence or tier is no longer in the pack; one that has started goes on."""
    if board.sequence(enrollment, book) is None:
        return f"Sequence {enrollment.sequence} is no longer in the pack."
    if enrollment.status == "blocked" and enrollment.tier not in book.tiers:
        return f"Tier {enrollment.tier} is no longer worked."
    return None
