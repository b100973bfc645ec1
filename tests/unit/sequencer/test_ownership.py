"""What happens to the enrollment of a chain when its facilities are sold?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.sequencer.domain.board import Board
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.plan.account_tasks import callback_task
from services.sequencer.domain.plan.ownership import go_on_without, leave_chains, skip_calls_of_chain
from services.sequencer.domain.tasks import with_end
from tests.support.following import an_account
from tests.unit.sequencer.test_plan import MONDAY, PLAN, THURSDAY, a_board, after, seen
from tests.unit.sequencer.test_touches import PACK

REGIONAL = Sighting(
    "regional", "Rex Fern", "website", date(2026, 6, 1), None, "MOSS", "(212) 555-0122", "rex@moss.example"
)


def a_chain(*known: Sighting) -> Board:
    """A running enrollment of three facilities of MOSS, of which A is the best, with its first task."""
    members = [an_account(key, score=score, chain="MOSS") for key, score in zip("ABC", ("60", "50", "40"), strict=True)]
    return after(a_board(*members, known=known or (REGIONAL,)), *PLAN)


def sold(board: Board, *facility_ids: str, to: str | None = "ROSE") -> Board:
    accounts = [replace(board.accounts[key], chain=to) for key in facility_ids]
    return after(board.having(accounts=accounts), leave_chains)


def the_day_after(board: Board) -> Board:
    return replace(board, today=MONDAY)


def test_a_member_that_is_sold_is_no_longer_covered_and_the_open_task_speaks_of_the_others() -> None:
    board = a_chain()
    [before] = board.tasks.values()

    board = sold(board, "C")

    [enrollment], [task] = board.active, board.tasks.values()
    assert (enrollment.covers, enrollment.facility_id) == (["A", "B"], "A")
    assert (task.status, task.version) == ("due", before.version + 1)
    assert sold(board, "C") == board


def test_the_due_task_at_a_facility_that_is_sold_is_skipped_at_once_with_the_reason() -> None:
    board = sold(a_chain(), "A")

    [enrollment], [task] = board.active, board.tasks.values()
    assert enrollment.covers == ["B", "C"]
    assert (task.status, task.outcome) == ("skipped", "A left MOSS: it belongs to ROSE now.")
    assert board.accounts["A"].next_follow_up_on is None


def test_the_enrollment_goes_on_at_the_best_facility_that_is_left() -> None:
    board = after(the_day_after(sold(a_chain(), "A")), *PLAN)

    own = [each for each in board.open if each.covers == ["A"]]
    [chain] = [each for each in board.active if each.chain]
    assert (chain.facility_id, chain.covers) == ("B", ["B", "C"])
    [task] = [
        task for task in board.tasks.values() if task.status == "due" and task.enrollment_id == chain.enrollment_id
    ]
    assert (task.facility_id, task.step_no, task.persona) == ("B", 2, "regional")
    assert [(each.chain, each.status) for each in own] == [(None, "blocked")]


def test_without_a_person_of_the_chain_the_enrollment_ends() -> None:
    board = after(sold(a_chain(seen("A")), "A", to=None), go_on_without)

    [enrollment] = board.enrollments.values()
    assert (enrollment.status, enrollment.covers) == ("stopped", ["B", "C"])
    assert enrollment.reason == "A left MOSS: it belongs to no chain now. No person of MOSS is known."


@pytest.mark.parametrize("order", ["ABC", "CBA", "BAC"])
def test_a_chain_that_sells_everything_has_no_enrollment_whatever_the_order(order: str) -> None:
    one_by_one = a_chain()
    for facility_id in order:
        one_by_one = sold(one_by_one, facility_id)

    for board in (one_by_one, sold(a_chain(), *order)):
        [enrollment], [task] = board.enrollments.values(), board.tasks.values()
        assert (enrollment.status, enrollment.covers, task.status) == ("stopped", [], "skipped")
        assert enrollment.reason == "No facility of MOSS is left."


def test_a_facility_that_was_sold_is_touched_by_its_own_sequence_after_the_gap() -> None:
    board = a_chain(REGIONAL, seen("C"))
    touched = [replace(each, last_contacted_on=THURSDAY) for each in board.accounts.values()]
    [first] = board.tasks.values()
    done = board.having(accounts=touched, tasks=[with_end(first, "done", "reached", "rep-1", THURSDAY)])

    same_day = after(sold(done, "C"), *PLAN)
    later = after(the_day_after(sold(done, "C")), *PLAN)

    assert not [each for each in same_day.open if each.facility_id == "C"]
    [own] = [each for each in later.active if each.facility_id == "C"]
    [task] = [each for each in later.tasks.values() if each.enrollment_id == own.enrollment_id]
    assert (own.chain, task.person and task.person["name"]) == (None, "Ada Moss")


def test_another_spelling_of_the_chain_is_no_sale() -> None:
    board = a_chain()

    assert sold(board, "B", to=" moss ").enrollments == board.enrollments


def test_a_call_that_was_promised_to_a_person_of_the_chain_is_skipped() -> None:
    board = a_chain()
    [touch] = board.tasks.values()
    promised = callback_task(board.accounts["A"], touch, PACK, MONDAY, THURSDAY)
    own = replace(promised, task_id=touch.task_id, persona="administrator")

    for task, status in ((promised, "skipped"), (own, "moved")):
        found = after(board.having(tasks=[task]), skip_calls_of_chain(["A"]))
        assert found.tasks[task.task_id].status == status


def test_a_blocked_enrollment_of_a_chain_moves_to_a_facility_that_is_left() -> None:
    board = after(a_board(*(an_account(key, chain="MOSS") for key in "AB")), *PLAN)

    board = after(the_day_after(sold(board, "A")), *PLAN)

    assert sorted((each.facility_id, each.covers, each.chain) for each in board.blocked) == [
        ("A", ["A"], None), ("B", ["B"], "MOSS"),
    ]  # fmt: skip
