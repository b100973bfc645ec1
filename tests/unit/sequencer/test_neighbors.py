"""Which enrollments wait because of another account of their chain, or because their posting closed?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.sequencer.domain.board import Board
from services.sequencer.domain.plan.neighbors import follow_closed_postings, pause_company
from services.sequencer.domain.signals import Signal
from tests.support.following import an_account
from tests.unit.sequencer.test_plan import BOOK, PLAN, THURSDAY, a_board, after, seen

EXPIRED, TODAY = date(2026, 7, 5), date(2026, 7, 6)
WHY = "A, of the same chain: replied."


def two_homes(second: str = "moss  care") -> Board:
    """Two facilities, each with a running enrollment and its first task; both of MOSS CARE, if the second one is."""
    board = after(a_board(an_account("A"), an_account("B"), known=(seen("A"), seen("B", name="Zoe Elm"))), *PLAN)
    chains = {"A": "MOSS CARE", "B": second}
    return board.having(accounts=(replace(board.accounts[key], chain=chain) for key, chain in chains.items()))


def statuses(board: Board) -> dict[str, tuple[str, str]]:
    tasks = {task.facility_id: task.status for task in board.tasks.values()}
    return {each.facility_id: (each.status, tasks[each.facility_id]) for each in board.enrollments.values()}


def with_rule(**rules: Any) -> Any:
    return replace(BOOK, exits=replace(BOOK.exits, **rules))


def test_the_other_members_of_a_chain_wait_with_their_tasks() -> None:
    board = pause_company("A", "replied")(two_homes(), BOOK)

    assert statuses(board) == {"A": ("active", "due"), "B": ("paused", "moved")}
    [paused] = board.paused
    assert (paused.reason, paused.resume_on) == (WHY, date(2026, 8, 3))


def test_facilities_of_another_chain_and_of_packs_without_the_rule_go_on() -> None:
    other = pause_company("A", "replied")(two_homes("ELM GROUP"), BOOK)
    without = pause_company("A", "replied")(two_homes(), with_rule(same_company="continue"))

    assert statuses(other) == statuses(without) == {"A": ("active", "due"), "B": ("active", "due")}


def a_closed_posting(first_seen_on: date = date(2026, 6, 29)) -> Board:
    """An enrollment of Thursday; its only signal expired on Sunday, and it is Monday."""
    signal = Signal("A", "s", "mds_coordinator", "MDS", first_seen_on, EXPIRED, EXPIRED, 1, False)
    board = after(a_board(an_account("A"), known=(seen("A"),)), *PLAN)
    return replace(board, today=TODAY, past_signals={"A": [signal]})


@pytest.mark.parametrize("rule, status", [("continue", "active"), ("end", "stopped"), ("pause", "paused")])
def test_the_pack_says_what_follows_when_the_last_posting_closes(rule: str, status: str) -> None:
    board = follow_closed_postings(a_closed_posting(), with_rule(posting_closed=rule))

    [each] = board.enrollments.values()
    assert each.status == status
    assert each.reason == (None if rule == "continue" else "Its last posting closed on 2026-07-05.")


def test_a_pause_after_a_closed_posting_is_not_repeated() -> None:
    later = replace(a_closed_posting(), today=date(2026, 8, 5))

    assert follow_closed_postings(later, with_rule(posting_closed="pause")).paused == []


def test_an_enrollment_that_began_without_a_posting_goes_on() -> None:
    late = a_closed_posting(first_seen_on=date(2026, 7, 3))

    assert len(follow_closed_postings(late, with_rule(posting_closed="end")).active) == 1
    assert date(2026, 7, 3) > THURSDAY
