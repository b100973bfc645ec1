"""Which touches can be taken back, and is everything as before then?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.sequencer.domain.board import Board
from services.sequencer.domain.importing.changes import Change
from services.sequencer.domain.importing.undoing import work_back
from services.sequencer.domain.owners import Assigned
from services.sequencer.domain.plan.account_tasks import add_task, follow_up_task
from services.sequencer.domain.plan.ending import withdraw
from services.sequencer.domain.plan.leads import engage
from services.sequencer.domain.plan.leaving import hand_over_from, hand_over_left
from services.sequencer.domain.plan.order import RESTORED
from services.sequencer.domain.reps import Team
from services.sequencer.domain.tasks import BY, Task, TaskStatus, ended, with_end
from services.sequencer.domain.undoing import Followed, followed, taken_back, why_not
from services.sequencer.settings import closed_days, playbook
from tests.support.following import a_task, an_account
from tests.support.sequencing import TEAM
from tests.unit.sequencer.test_plan import PLAN, THURSDAY, a_board, after, seen
from tests.unit.sequencer.test_touches import PACK


def a_touch() -> tuple[Board, Board, Task, Followed]:
    """The boards before and after a first call whose outcome was interest, with its task and what followed."""
    before = after(a_board(an_account(), known=(seen("A"),)), *PLAN)
    [due] = before.tasks.values()
    done = with_end(due, "done", "interested", "ann", THURSDAY)
    account, outcome = before.accounts["A"], PACK.of("call")["interested"]
    following = follow_up_task(account, done, outcome, PACK, THURSDAY, closed_days())
    touched = before.having(tasks=[done])
    result = after(touched, withdraw(["A"], "Touch."), engage(["A"]), add_task(following))
    return before, result, done, followed(done, before, result)


def test_what_followed_is_restored_and_what_was_made_is_canceled() -> None:
    before, touched, done, made = a_touch()

    board = after(touched, taken_back(done, made))

    [enrollment], [made_task] = board.active, [task for task in board.tasks.values() if task.kind == "follow_up"]
    assert replace(enrollment, version=0) == replace(before.active[0], version=0)
    assert (board.tasks[done.task_id].status, board.tasks[done.task_id].version) == ("due", done.version + 1)
    assert (made_task.status, made_task.outcome) == ("canceled", "The touch that it followed was taken back.")
    assert [lead.engaged_until for lead in board.leads.values()] == [
        lead.engaged_until for lead in before.leads.values()
    ]


def test_what_has_changed_since_then_stays() -> None:
    _, touched, done, made = a_touch()
    [stopped] = touched.enrollments.values()
    changed = touched.having(enrollments=[replace(stopped, reason="The lead was lost.")])

    board = after(changed, taken_back(done, made))

    assert [each.reason for each in board.enrollments.values()] == ["The lead was lost."]


def test_what_was_handed_over_since_then_is_restored_for_the_new_owner() -> None:
    """The rep has left: the enrollment that had ended is the new owner's, and so are its task and the lead."""
    _, touched, done, made = a_touch()
    left = replace(touched, team=Team(tuple(replace(each, left_on=THURSDAY) for each in TEAM.reps[:1]) + TEAM.reps[1:]))
    given = after(left, hand_over_from("rep-1", {"A": Assigned("rep-2", "a reason")}))

    board = after(given, taken_back(done, made), *RESTORED)

    [enrollment], [lead] = board.active, board.leads.values()
    assert (enrollment.owner, board.tasks[done.task_id].rep, lead.owner) == ("rep-2", "rep-2", "rep-2")
    assert lead.engaged_until is None


def test_a_touch_is_taken_back_until_the_next_one_is_planned() -> None:
    _, touched, done, made = a_touch()
    following = replace(done, task_id=UUID(int=5), step_no=2, kind="step")

    assert why_not(done, touched, made) is None
    planned = touched.having(tasks=[following])
    assert why_not(done, planned, Followed()) == "The next touch, step 2, is planned already."


@pytest.mark.parametrize("status, why", [("due", "It is due; "), ("moved", "It waits until ")])
def test_an_open_task_is_not_taken_back(status: TaskStatus, why: str) -> None:
    _, touched, done, made = a_touch()

    assert (why_not(replace(done, status=status), touched, made) or "").startswith(why)


def test_a_touch_of_another_day_or_of_the_sequencer_is_not_taken_back() -> None:
    _, touched, done, made = a_touch()
    yesterday = replace(done, done_on=THURSDAY - timedelta(days=1))

    assert "on that day only" in (why_not(yesterday, touched, made) or "")
    assert "by the sequencer" in (why_not(ended(done, "canceled", "over", THURSDAY), touched, made) or "")


def test_a_touch_whose_follow_up_was_done_is_not_taken_back() -> None:
    _, touched, done, made = a_touch()
    [(_, follow_up)] = made.tasks
    finished = touched.having(tasks=[with_end(follow_up, "done", "reached", "ann", THURSDAY)])

    assert why_not(done, finished, made) == "Its follow-up was done already."


def test_the_task_of_a_client_stays_with_an_owner_who_is_no_rep() -> None:
    before, _, done, _ = a_touch()
    of_client = replace(done, enrollment_id=None, rep="dana", status="due", done_by=None, done_on=None)
    board = before.having(tasks=[of_client])

    assert after(board, hand_over_left).tasks[done.task_id].rep == "dana"


def test_a_step_that_an_import_ended_stays_if_its_sequence_has_ended_since() -> None:
    skipped = with_end(a_task(), "skipped", "no person to call", BY, THURSDAY)

    board, kept = work_back(a_board().adding([], [skipped]), [Change("task", "1", a_task(), skipped)], playbook())

    assert (board.tasks[skipped.task_id], kept) == (skipped, [])
