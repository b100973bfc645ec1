"""What does a day change on the board?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import reduce

import pytest

from engines.suppression.statements import Statement, suppressed
from services.sequencer.domain.accounts import Account
from services.sequencer.domain.board import Board, Decision, changed
from services.sequencer.domain.contacts import Sighting, incumbents
from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.plan.following import follow_contacts
from services.sequencer.domain.plan.order import FIRST, LAST, ON_BUSINESS_DAYS
from services.sequencer.domain.reps import Leave, Team
from services.sequencer.domain.suppression import by_mark
from services.sequencer.domain.tasks import with_end
from services.sequencer.settings import playbook
from tests.support.following import an_account
from tests.support.sequencing import ROLES, TEAM

THURSDAY, MONDAY = date(2026, 7, 2), date(2026, 7, 6)
BOOK = playbook()
PLAN = (*FIRST, *ON_BUSINESS_DAYS, *LAST)


def a_board(*accounts: Account, known: tuple[Sighting, ...] = ()) -> Board:
    return Board(
        THURSDAY,
        ROLES,
        TEAM,
        accounts={each.facility_id: each for each in accounts},
        incumbents=incumbents(ROLES, known),
    )


def seen(facility_id: str, phone: str | None = "(518) 555-0111", name: str = "Ada Moss") -> Sighting:
    return Sighting("administrator", name, "website", date(2026, 6, 1), facility_id, None, phone)


def after(board: Board, *decisions: Decision) -> Board:
    return reduce(lambda now, decision: decision(now, BOOK), decisions, board)


def test_a_prospect_with_a_person_to_call_is_enrolled_and_its_first_task_is_due() -> None:
    board = after(a_board(an_account(), known=(seen("A"),)), *PLAN)

    [enrollment], [task] = board.active, board.tasks.values()
    assert (enrollment.facility_id, enrollment.started_on, enrollment.owner) == ("A", THURSDAY, "rep-1")
    assert (task.step_no, task.channel, task.status, task.person and task.person["name"]) == (
        1, "call", "due", "Ada Moss",
    )  # fmt: skip
    assert board.accounts["A"].next_follow_up_on == THURSDAY


def test_a_prospect_without_a_person_to_call_waits_for_research() -> None:  # R47
    board = after(a_board(an_account()), *PLAN)

    [enrollment], [task] = board.blocked, board.tasks.values()
    assert enrollment.missing == ["direct phone of the Administrator", "direct phone of the DON"]
    assert (task.step_no, task.channel) == (0, "research")


def test_a_new_task_of_a_rep_who_is_away_is_due_for_the_cover() -> None:
    board = after(away(a_board(an_account(), known=(seen("A"),)), cover="rep-2"), *PLAN)

    [enrollment], [task] = board.active, board.tasks.values()
    assert (enrollment.owner, task.rep, task.absent) == ("rep-1", "rep-2", "rep-1")


@pytest.mark.parametrize("known", [(), (seen("A"),)])
def test_nothing_begins_for_a_rep_who_is_away_without_a_cover(known: tuple[Sighting, ...]) -> None:
    board = after(away(a_board(an_account(), known=known)), *PLAN)

    assert board.accounts["A"].owner == "rep-1"
    assert not board.enrollments
    assert not board.tasks


def test_no_step_falls_due_while_the_rep_is_away_without_a_cover() -> None:
    started = after(a_board(an_account(), known=(seen("A"),)), *PLAN)
    [first] = started.tasks.values()
    done = replace(started.having(tasks=[with_end(first, "done", None, "rep-1", THURSDAY)]), today=MONDAY)

    assert len(after(done, *PLAN).tasks) > 1
    assert len(after(away(done), *PLAN).tasks) == 1


def away(board: Board, cover: str | None = None) -> Board:
    """The board while rep-1 is away."""
    return replace(board, team=Team(TEAM.reps, (Leave("rep-1", THURSDAY, date(2026, 7, 10), cover),)))


def test_research_for_a_blocked_chain_moves_to_its_best_facility() -> None:
    first = after(a_board(an_account(score="50", chain="MOSS"), an_account("B", score="40", chain="MOSS")), *PLAN)
    better = replace(an_account("B", score="60", chain="MOSS"), owner=first.accounts["B"].owner)
    steps = first.having(accounts=[better])

    board = after(steps, *PLAN)

    [task] = board.tasks.values()
    assert [each.facility_id for each in board.blocked] == ["B"]
    assert (task.facility_id, task.status, task.version) == ("B", "due", 3)


def test_a_decision_does_not_change_its_input() -> None:
    before = a_board(an_account(), known=(seen("A"),))

    after(before, *PLAN)

    assert before == a_board(an_account(), known=(seen("A"),))


@pytest.mark.parametrize("known", [(), (seen("A"),), (seen("A", name="Rex Fern"),)])
def test_following_contacts_twice_equals_following_them_once(known: tuple[Sighting, ...]) -> None:
    enrolled = after(a_board(an_account(), known=(seen("A"),)), *PLAN)
    corrected = replace(enrolled, incumbents=incumbents(ROLES, known))

    once = after(corrected, follow_contacts)

    assert after(once, follow_contacts) == once
    assert bool(changed(corrected.tasks, once.tasks)) == (known != (seen("A"),))


def test_a_suppression_of_the_facility_ends_its_enrollment_and_skips_its_task() -> None:
    enrolled = after(a_board(an_account(), known=(seen("A"),)), *PLAN)
    no = Statement("facility", "A", "HOME A", place_marks("A", None), ["all"], "asked us to", "a call", "ann", THURSDAY)

    board = after(replace(enrolled, suppressions=by_mark([suppressed(None, no)])), follow_contacts)

    [enrollment], [task] = board.enrollments.values(), board.tasks.values()
    assert (enrollment.status, task.status) == ("stopped", "canceled")
    assert enrollment.reason == task.outcome == "Do not contact HOME A: asked us to (ann, 2026-07-02)."
    assert board.accounts["A"].next_follow_up_on is None
