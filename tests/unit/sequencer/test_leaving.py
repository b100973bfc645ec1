"""Who takes over from a rep who leaves the team?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.sequencer.domain.board import Board, with_versions
from services.sequencer.domain.leads import Lead, new_lead
from services.sequencer.domain.owners import Assigned
from services.sequencer.domain.plan.leaving import give_accounts, hand_over_from, share_of, successors
from services.sequencer.domain.reps import team_of
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from tests.support.following import a_task, an_account, an_enrollment
from tests.support.sequencing import ROLES

BOOK = playbook()
TODAY = date(2026, 7, 13)


def a_board(*owners: str, tasks: tuple[Task, ...] = ()) -> Board:
    """Accounts `0`, `1`, ... of these owners, each with an open lead and an enrollment."""
    accounts = [an_account(str(n), score=str(90 - n), owner=owner) for n, owner in enumerate(owners)]
    leads = [replace(new_lead(each, (), TODAY, BOOK.stages), version=1) for each in accounts]
    enrollments = [
        an_enrollment(enrollment_id=UUID(int=n + 1), facility_id=str(n), covers=[str(n)], owner=owner)
        for n, owner in enumerate(owners)
    ]
    return Board(TODAY, ROLES, team_of(("ann", "bob", "cleo"))).having(
        accounts=accounts, leads=leads, enrollments=enrollments, tasks=tasks
    )


def handed_over(board: Board, to: str | None = None) -> Board:
    return with_versions(board, hand_over_from("ann", successors(board, "ann", to, BOOK))(board, BOOK))


def owners(board: Board) -> list[tuple[str | None, str | None, str]]:
    """By account: its owner, that of its lead and that of its enrollment."""
    leads: dict[str, Lead] = {each.facility_id: each for each in board.leads.values()}
    enrollments = {each.facility_id: each for each in board.enrollments.values()}
    return [(each.owner, leads[key].owner, enrollments[key].owner) for key, each in sorted(board.accounts.items())]


def test_one_rep_takes_over_everything_of_the_rep_who_leaves_and_nothing_of_others() -> None:
    board = handed_over(a_board("ann", "cleo", "ann"), to="bob")

    assert owners(board) == [("bob",) * 3, ("cleo",) * 3, ("bob",) * 3]
    assert [each.owner_version for each in board.accounts.values()] == [1, 0, 1]
    assert sorted(each.version for each in board.leads.values()) == [1, 2, 2]


@pytest.mark.parametrize("others", [(), ("bob",), ("bob", "bob", "bob", "cleo")])
def test_the_team_takes_over_in_balance(others: tuple[str, ...]) -> None:
    board = handed_over(a_board(*("ann",) * 9, *others))

    counts = Counter(each.owner for each in board.accounts.values())
    assert set(counts) == {"bob", "cleo"}
    assert abs(counts["bob"] - counts["cleo"]) <= 1
    assert all(len(set(each)) == 1 for each in owners(board))


@pytest.mark.parametrize("status", ["due", "moved"])
def test_open_tasks_go_with_their_enrollment_or_account(status: str) -> None:
    tasks = (
        a_task(1, status, rep="ann", facility_id="0"),  # type: ignore[arg-type]
        a_task(2, status, rep="ann", facility_id="0", enrollment_id=None),  # type: ignore[arg-type]
        a_task(3, status, rep="bob", facility_id="0", absent="ann"),  # type: ignore[arg-type]
        a_task(4, status, rep="ann", facility_id="0", absent="bob"),  # type: ignore[arg-type]
        a_task(5, "done", TODAY, rep="ann", facility_id="0"),
    )

    board = handed_over(a_board("ann", tasks=tasks), to="cleo")

    found = [(each.rep, each.absent, each.version) for each in board.tasks.values()]
    assert found == [("cleo", None, 2)] * 3 + [("ann", "bob", 1), ("ann", None, 1)]


def test_an_enrollment_of_the_rep_at_an_account_of_another_goes_to_the_owner_of_the_account() -> None:
    board = a_board("cleo")
    [enrollment] = board.enrollments.values()

    left = handed_over(board.having(enrollments=[replace(enrollment, owner="ann")]))

    assert [each.owner for each in left.enrollments.values()] == ["cleo"]


def test_a_rep_who_joins_gets_a_share_of_what_is_not_worked() -> None:
    board = a_board(*("ann",) * 6, *("bob",) * 6)
    idle = [an_account(f"idle {n}", 2, owner="ann") for n in range(6)]
    chain = [an_account(f"chain {n}", 2, owner="ann", chain="MOSS") for n in range(9)]

    taken = share_of(board.having(accounts=[*idle, *chain]), "cleo", BOOK)

    assert set(taken) == {each.facility_id for each in idle}
    assert set(taken.values()) == {"ann"}


def test_a_share_ends_in_balance_and_is_not_taken_twice() -> None:
    owners = ["ann"] * 7 + ["bob"] * 5
    board = replace(a_board(*owners), enrollments={})

    shared = give_accounts(dict.fromkeys(share_of(board, "cleo", BOOK), Assigned("cleo", "a share")))(board, BOOK)

    assert Counter(each.owner for each in shared.accounts.values()) == {"ann": 4, "bob": 4, "cleo": 4}
    assert {each.owner for each in shared.leads.values()} == {"ann", "bob", "cleo"}
    assert share_of(shared, "cleo", BOOK) == {}


def test_members_of_a_chain_stay_together() -> None:
    board = a_board(*("ann",) * 6)
    chain = [replace(each, chain="MOSS") for each in board.accounts.values() if each.facility_id in "024"]

    left = handed_over(board.having(accounts=chain))

    assert len({left.accounts[key].owner for key in "024"}) == 1
