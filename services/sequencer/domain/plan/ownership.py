"""What happens to the enrollment of a chain when a facility changes its owner? (R44, K26)"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from services.sequencer.domain.accounts import Account, rank
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.contacts import chain_key
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.briefing import briefed_anew
from services.sequencer.domain.plan.ending import end
from services.sequencer.domain.tasks import Task, ended


def leave_chains(board: Board, book: Playbook) -> Board:
    """Narrow enrollments of chains to the facilities that the chains still own, and skip the open tasks at the others.

    One that covers no facility any more ends. The order in which facilities are sold does not matter.
    """
    of_chains = {each.enrollment_id: each for each in board.open if each.chain}
    if not of_chains:
        return board
    narrowed = [
        replace(each, covers=kept) for each in of_chains.values() if (kept := _kept(board, each)) != each.covers
    ]
    board = board.having(enrollments=narrowed)
    followed = [
        _followed(board, task, board.enrollments[task.enrollment_id])
        for task in board.tasks.values()
        if task.is_open and task.enrollment_id in of_chains
    ]
    left = {task.facility_id: None for task in followed if not task.is_open}
    empty = {each.enrollment_id: f"No facility of {each.chain} is left." for each in narrowed if not each.covers}
    return end(board.having(tasks=followed).expecting(left), empty)


def skip_calls_of_chain(facility_ids: Collection[str]) -> Decision:
    """The decision that skips what was promised to people of a chain about facilities that it has sold."""

    def skipped(board: Board, book: Playbook) -> Board:
        promised = (
            each
            for each in board.account_tasks
            if each.facility_id in facility_ids and board.roles.is_of_chain(each.persona)
        )
        reason = "The facility left the chain of this person."
        return board.having(tasks=(ended(each, "skipped", reason, board.today) for each in promised))

    return skipped


def go_on_without(board: Board, book: Playbook) -> Board:
    """Go on at the best facility that is left, if the one of the tasks was sold and a person of the chain is known.

    Without such a person the enrollment ends: the people of another facility did not get what came before.
    """
    sold = [each for each in (*board.active, *board.paused) if each.facility_id not in each.covers]
    best = {each.enrollment_id: _best(board, each) for each in sold}
    going_on = [each for each in sold if _has_person_of_chain(board, each, best[each.enrollment_id])]
    reasons = {each.enrollment_id: _why_over(board, each) for each in sold if each not in going_on}
    moved = (replace(each, facility_id=best[each.enrollment_id].facility_id) for each in going_on)
    return end(board.having(enrollments=moved), reasons)


def _kept(board: Board, each: Enrollment) -> list[str]:
    return [key for key in each.covers if chain_key(board.accounts[key].chain) == chain_key(each.chain)]


def _followed(board: Board, task: Task, each: Enrollment) -> Task:
    """An open task: skipped at a facility that was sold, or with the facilities that are covered now."""
    account = board.accounts[task.facility_id]
    if chain_key(account.chain) != chain_key(each.chain):
        return ended(task, "skipped", _left(account, each), board.today)
    return briefed_anew(task, account, each.covers)


def _left(account: Account, each: Enrollment) -> str:
    return f"{account.facility_id} left {each.chain}: it belongs to {account.chain or 'no chain'} now."


def _best(board: Board, each: Enrollment) -> Account:
    return min((board.accounts[key] for key in each.covers), key=rank)


def _has_person_of_chain(board: Board, each: Enrollment, best: Account) -> bool:
    people = board.people_at(best.facility_id, each.chain)
    return any(board.roles.is_of_chain(role) for role in people.by_role)


def _why_over(board: Board, each: Enrollment) -> str:
    return f"{_left(board.accounts[each.facility_id], each)} No person of {each.chain} is known."
