"""Who takes over from a rep who leaves the team, and what does a rep who joins it get?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from services.sequencer.domain.accounts import rank
from services.sequencer.domain.assignment import EVERYWHERE
from services.sequencer.domain.board import Board, Decision
from services.sequencer.domain.owners import Assigned, Roster, assign, roster, with_owner
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.tasks import Task


def successors(board: Board, rep: str, to: str | None, book: Playbook) -> dict[str, Assigned]:
    """The new owners of all accounts of a rep: one other rep, or the team, each in balance by tier (R121).

    An account for which the rules find no other rep goes to the team as well, as its spread was requested.
    """
    accounts = board.accounts.values()
    if to:
        return {each.facility_id: Assigned(to, f"Took over from {rep}.") for each in accounts if each.owner == rep}
    crew = roster(board.team, book.assignment, board.today, without=rep)
    concerned = [each for each in accounts if each.owner in (rep, *crew.reps)]
    by_rules = {key: each for key, each in assign(concerned, crew).items() if each.owner}
    given = [with_owner(each, by_rules.get(each.facility_id) or Assigned(each.owner, "")) for each in concerned]
    by_load = assign(given, Roster(crew.reps, EVERYWHERE))
    return by_rules | {key: replace(each, reason=f"Took over from {rep}.") for key, each in by_load.items()}


def share_of(board: Board, rep: str, book: Playbook) -> dict[str, str]:
    """The previous owners of the accounts that a rep gets, so that each tier is in balance, best accounts first.

    Only prospects that are not worked now change hands, and no member of a chain, because chains stay together.
    """
    prospects = [each for each in board.prospects(book.tiers) if each.owner in board.team.members(board.today)]
    worked = {key for each in board.open for key in each.covers} | {each.facility_id for each in board.account_tasks}
    worked |= {each.facility_id for each in board.leads.values() if each.is_engaged(board.today)}
    crew = roster(board.team, book.assignment, board.today)
    counts = Counter((each.tier, each.owner) for each in prospects)
    taken: dict[str, str] = {}
    for each in sorted(prospects, key=rank):
        idle = each.facility_id not in worked and not each.chain
        idle = idle and crew.works(rep, book.assignment.territory_of(each.state))
        if each.owner and idle and counts[each.tier, each.owner] > counts[each.tier, rep] + 1:
            taken[each.facility_id] = each.owner
            counts[each.tier, each.owner] -= 1
            counts[each.tier, rep] += 1
    return taken


def give_accounts(owners: Mapping[str, Assigned]) -> Decision:
    """The decision that gives accounts and their open leads to new owners."""

    def decide(board: Board, book: Playbook) -> Board:
        leads = (each for each in board.leads.values() if each.is_open and each.facility_id in owners)
        return board.having(
            accounts=(with_owner(board.accounts[key], each) for key, each in owners.items()),
            leads=(replace(each, owner=owners[each.facility_id].owner) for each in leads),
        )

    return decide


def give_with_work(owners: Mapping[str, Assigned]) -> Decision:
    """The decision that gives accounts to new owners, with their leads, enrollments and tasks."""

    def decide(board: Board, book: Playbook) -> Board:
        board = give_accounts(owners)(board, book)
        enrollments = [each for each in board.open if each.facility_id in owners]
        given = (replace(each, owner=owners[each.facility_id].owner or each.owner) for each in enrollments)
        board = board.having(enrollments=given)
        ids = {each.enrollment_id for each in enrollments}
        tasks = (
            each
            for each in board.tasks.values()
            if each.is_open and (each.enrollment_id in ids or (not each.enrollment_id and each.facility_id in owners))
        )
        return board.having(tasks=(_handed_over(board, each, "") for each in tasks))

    return decide


def hand_over_from(rep: str, owners: Mapping[str, Assigned]) -> Decision:
    """The decision that moves accounts, open leads, open enrollments and open tasks of a rep to the new owners."""

    def decide(board: Board, book: Playbook) -> Board:
        board = give_accounts(owners)(board, book)
        enrollments = (each for each in board.open if each.owner == rep)
        board = board.having(
            enrollments=(replace(each, owner=_owner(board, each.facility_id, rep)) for each in enrollments)
        )
        tasks = (each for each in board.tasks.values() if each.is_open and rep == (each.absent or each.rep))
        return board.having(tasks=(_handed_over(board, each, rep) for each in tasks))

    return decide


def hand_over_left(board: Board, book: Playbook) -> Board:
    """Give the open enrollments and tasks of reps who left to the owners of the accounts, or else to the team.

    An outcome or a touch that is taken back restores what a rep had, who may have left since.
    """
    if not board.team.members(board.today):
        return board
    # The owner of a client need not be a rep.
    left = {each.rep for each in board.team.reps if not each.is_in_team(board.today)}
    enrollments = (each for each in board.open if each.owner in left)
    board = board.having(
        enrollments=(replace(each, owner=_owner(board, each.facility_id, each.owner)) for each in enrollments)
    )
    tasks = [each for each in board.tasks.values() if each.is_open and (each.absent or each.rep) in left]
    return board.having(tasks=(_handed_over(board, each, each.absent or each.rep) for each in tasks))


def _handed_over(board: Board, task: Task, rep: str) -> Task:
    enrollment = board.enrollments.get(task.enrollment_id) if task.enrollment_id else None
    owner = enrollment.owner if enrollment else _owner(board, task.facility_id, rep)
    return replace(task, rep=owner, absent=None, version=task.version + 1)


def _owner(board: Board, facility_id: str, rep: str) -> str:
    """The owner of the account, or else the first other member of the team."""
    others = [each for each in board.team.members(board.today) if each != rep]
    owner = board.accounts[facility_id].owner
    return owner if owner in others else others[0]
