"""Who takes over from a rep who leaves the team?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.owners import assign
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.tasks import Task


def successors(board: Board, rep: str, to: str | None) -> dict[str, str]:
    """The new owners of all accounts of a rep: one other rep, or the team, each in balance by tier (R121)."""
    accounts = board.accounts.values()
    if to:
        return {each.facility_id: to for each in accounts if each.owner == rep}
    others = [each for each in board.team.members(board.today) if each != rep]
    return assign((each for each in accounts if each.owner in (rep, *others)), others)


def hand_over_from(rep: str, owners: Mapping[str, str]) -> Decision:
    """The decision that moves accounts, open leads, open enrollments and open tasks of a rep to the new owners."""

    def decide(board: Board, book: Playbook) -> Board:
        board = board.having(accounts=(replace(board.accounts[key], owner=owner) for key, owner in owners.items()))
        leads = (each for each in board.leads.values() if each.is_open and each.facility_id in owners)
        enrollments = (each for each in board.open if each.owner == rep)
        board = board.having(
            leads=(replace(each, owner=owners[each.facility_id]) for each in leads),
            enrollments=(replace(each, owner=_owner(board, each.facility_id, rep)) for each in enrollments),
        )
        tasks = (each for each in board.tasks.values() if each.is_open and rep == (each.absent or each.rep))
        return board.having(tasks=(_handed_over(board, each, rep) for each in tasks))

    return decide


def _handed_over(board: Board, task: Task, rep: str) -> Task:
    enrollment = board.enrollments.get(task.enrollment_id) if task.enrollment_id else None
    owner = enrollment.owner if enrollment else _owner(board, task.facility_id, rep)
    return replace(task, rep=owner, absent=None, version=task.version + 1)


def _owner(board: Board, facility_id: str, rep: str) -> str:
    """The owner of the account, or else the first other member of the team."""
    others = [each for each in board.team.members(board.today) if each != rep]
    owner = board.accounts[facility_id].owner
    return owner if owner in others else others[0]
