"""Which tasks do leads get for their stage, and clients from time to time?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from engines.packs import section
from engines.suppression.statements import Statement, suppressed
from services.sequencer.domain.board import Board
from services.sequencer.domain.leads import Lead, moved, new_lead
from services.sequencer.domain.marks import place_marks
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.account_tasks import end_account_tasks
from services.sequencer.domain.plan.covering import cover_absent
from services.sequencer.domain.plan.scheduling import schedule
from services.sequencer.domain.plan.stage_tasks import place_tasks
from services.sequencer.domain.reps import Leave, Team
from services.sequencer.domain.sequences import After
from services.sequencer.domain.stages import Stage, Stages
from services.sequencer.domain.suppression import by_mark
from services.sequencer.domain.task_rules import Past, TaskRule, due_day
from services.sequencer.domain.tasks import Task, with_end
from tests.support.following import a_task, an_account
from tests.support.sequencing import TEAM
from tests.unit.sequencer.test_plan import BOOK, PLAN, THURSDAY, a_board, after, seen

STAGES = section("stages", Stages)
MONDAY, WEDNESDAY, THURSDAY_AFTER = date(2026, 7, 6), date(2026, 7, 8), date(2026, 7, 9)
A_DAY, A_WEEK = After(1, "business"), After(5, "business")
IN_BUSINESS_DAYS = TaskRule("status", "Ask", after=After(3, "business"))


def in_stage(stage: str, on: date = THURSDAY) -> Lead:
    """The lead of A, which rep-1 moved to a stage on a day."""
    lead = new_lead(an_account(owner="rep-1"), (), on, STAGES)
    named = STAGES.named("signal", stage)
    assert named
    return moved(lead, named, "rep-1", None, on)


def a_qualified_account(*leads: Lead) -> Board:
    board = a_board(an_account(owner="rep-1"), known=(seen("A"),))
    return board.having(leads=leads or [in_stage("qualified")])


def a_client(**values: Any) -> Board:
    return a_board(an_account(client=True, owner="rep-1", **values), known=(seen("A"),))


def on(day: date, board: Board, **values: Any) -> Board:
    return replace(board, today=day, **values)


def the_task(board: Board) -> Task:
    [task] = board.tasks.values()
    return task


def done(task: Task, day: date) -> Task:
    return with_end(task, "done", "reached", "rep-1", day)


@pytest.mark.parametrize(
    "rule, past, touched_on, day",
    [
        (TaskRule("k", "t", after=After(3, "business")), Past(), None, date(2026, 7, 8)),  # Friday is a holiday
        (TaskRule("k", "t", after=After(2, "calendar")), Past(), None, MONDAY),  # Saturday rolls
        (TaskRule("k", "t", every=After(7, "calendar")), Past(), None, THURSDAY_AFTER),
        (TaskRule("k", "t", every=After(7, "calendar")), Past(), MONDAY, date(2026, 7, 13)),
        (TaskRule("k", "t", every=After(7, "calendar")), Past(1, WEDNESDAY), MONDAY, date(2026, 7, 15)),
        (TaskRule("k", "t", after=A_DAY, every=A_WEEK), Past(), MONDAY, MONDAY),
        (
            TaskRule("k", "t", after=A_DAY, every=A_WEEK),
            Past(1, MONDAY),
            None,
            date(2026, 7, 13),
        ),
    ],
)
def test_a_task_is_due_so_long_after_its_stage_began_or_after_the_last_touch(
    rule: TaskRule, past: Past, touched_on: date | None, day: date
) -> None:
    assert due_day(rule, THURSDAY, past, touched_on, BOOK.closed) == day


def test_a_qualified_lead_has_the_task_of_its_stage_which_waits_for_its_day() -> None:
    board = after(a_qualified_account(), *PLAN)

    task = the_task(board)
    assert (task.kind, task.channel, task.template) == ("stage", "call", "call-proposal")
    assert (task.status, task.due_on, task.rep) == ("moved", WEDNESDAY, "rep-1")
    assert task.reason == "Talk through the proposal. Qualified since 2026-07-02."
    assert board.accounts["A"].next_follow_up_on == WEDNESDAY


def test_planning_again_adds_nothing() -> None:
    once = after(a_qualified_account(), *PLAN)

    assert after(once, *PLAN).tasks == once.tasks


def test_it_falls_due_on_its_day_for_the_person_in_the_role_then() -> None:
    waiting = after(a_qualified_account(), *PLAN)

    task = the_task(after(on(WEDNESDAY, waiting), *PLAN))

    assert (task.status, task.due_on, task.version) == ("due", WEDNESDAY, 2)
    assert task.person
    assert task.person["name"] == "Ada Moss"


def test_a_task_that_ended_does_not_come_again_in_the_same_stage() -> None:
    board = a_qualified_account()
    key = the_task(after(board, *PLAN)).key.rpartition("|")[0]

    again = after(on(MONDAY, board, past_tasks={("A", key): Past(1, MONDAY)}), *PLAN)

    assert not again.tasks


def test_it_ends_when_the_lead_leaves_the_stage() -> None:
    waiting = after(a_qualified_account(), *PLAN)

    board = after(waiting.having(leads=[in_stage("proposal", MONDAY)]), end_account_tasks)

    task = the_task(board)
    assert (task.status, task.outcome) == ("canceled", "The lead is proposal now.")


def test_a_recurring_task_of_a_stage_comes_again_after_the_last_one() -> None:
    board = after(a_qualified_account(in_stage("proposal")), *PLAN)
    first = the_task(board)

    past = {("A", first.key.rpartition("|")[0]): Past(1, THURSDAY_AFTER)}
    ended = replace(board, past_tasks=past).having(tasks=[done(first, THURSDAY_AFTER)])
    again = after(on(date(2026, 7, 10), ended), *PLAN)

    assert (first.kind, first.due_on) == ("recurring", date(2026, 7, 10))
    [following] = again.account_tasks
    assert (following.due_on, following.task_id != first.task_id) == (date(2026, 7, 16), True)


def test_a_client_is_called_thirty_days_after_the_last_touch() -> None:
    board = after(a_client(last_contacted_on=THURSDAY), *PLAN)
    touched = an_account(client=True, owner="rep-1", last_contacted_on=MONDAY)

    later = after(on(MONDAY, board).having(accounts=[touched]), *PLAN)

    assert (the_task(board).kind, the_task(board).due_on) == ("recurring", THURSDAY + timedelta(days=32))
    assert the_task(later).due_on == MONDAY + timedelta(days=30)
    assert the_task(later).version == 2


def test_a_client_who_was_never_touched_is_called_at_once() -> None:
    assert (the_task(after(a_client(), *PLAN)).status, the_task(after(a_client(), *PLAN)).due_on) == ("due", THURSDAY)


def test_it_ends_with_the_client() -> None:
    waiting = after(a_client(last_contacted_on=THURSDAY), *PLAN)
    left = after(waiting.having(accounts=[an_account(owner="rep-1")]), end_account_tasks)

    assert the_task(left).status == "canceled"


def test_a_suppressed_client_gets_no_task() -> None:
    no = Statement("facility", "A", "HOME A", place_marks("A", None), ["all"], "asked us to", "a call", "ann", THURSDAY)

    assert not after(replace(a_client(), suppressions=by_mark([suppressed(None, no)])), *PLAN).tasks


def test_without_a_person_to_call_it_waits_until_its_day_and_is_skipped_with_the_reason() -> None:  # R189
    waiting = after(replace(a_client(last_contacted_on=THURSDAY), incumbents={}), *PLAN)
    task = the_task(after(on(date(2026, 8, 3), waiting), *PLAN))

    assert the_task(waiting).status == "moved"
    assert (task.status, task.done_by) == ("skipped", "sequencer")
    assert task.outcome
    assert task.outcome.startswith("No direct phone is known")


def test_on_a_full_day_it_comes_within_the_slip_instead() -> None:
    full = [
        replace(a_task(n, rep="rep-1", due_on=WEDNESDAY), enrollment_id=None, kind="callback", key=str(n))
        for n in range(1, BOOK.capacity.touches_per_day.max + 1)
    ]
    waiting = after(a_qualified_account(), *PLAN)

    board = after(on(WEDNESDAY, waiting.having(tasks=full)), *PLAN)

    [task] = [each for each in board.tasks.values() if each.kind == "stage"]
    planned = schedule(board, BOOK)
    [place] = [each for each in planned.plan.placements if each.key == str(task.task_id)]
    assert task.status == "moved"
    assert (planned.horizon.day(place.on), place.is_late) == (THURSDAY_AFTER, False)


def test_an_account_has_one_of_its_tasks_on_a_day() -> None:
    board = after(a_client(), *PLAN)
    check_in = replace(the_task(board), status="moved")
    other = replace(check_in, task_id=UUID(int=1), kind="stage", key="client|other|1")
    waiting = board.having(tasks=[check_in, other])

    thursday = after(waiting, place_today).tasks.values()
    promised = replace(check_in, task_id=UUID(int=2), kind="callback", status="due")

    assert sorted(task.status for task in thursday) == ["due", "moved"]
    assert {task.status for task in after(waiting.having(tasks=[promised]), place_today).tasks.values()} == {
        "due",
        "moved",
    }


def place_today(board: Board, book: Playbook) -> Board:
    return place_tasks(board, book, schedule(board, book).touches_on(0))


def test_the_cover_of_an_absent_rep_does_it() -> None:
    leave = Leave("rep-1", WEDNESDAY, date(2026, 7, 10), "rep-2")
    waiting = replace(after(a_qualified_account(), *PLAN), team=Team(TEAM.reps, (leave,)))

    task = the_task(after(on(WEDNESDAY, waiting), *PLAN))

    assert (task.status, task.rep, task.absent) == ("due", "rep-2", "rep-1")


def test_without_a_cover_it_waits_for_the_return() -> None:
    leave = Leave("rep-1", WEDNESDAY, date(2026, 7, 10), None)
    waiting = replace(after(a_qualified_account(), *PLAN), team=Team(TEAM.reps, (leave,)))

    assert the_task(after(on(WEDNESDAY, waiting), cover_absent, *PLAN)).status == "moved"
    assert the_task(after(on(date(2026, 7, 13), waiting), *PLAN)).status == "due"


def test_one_that_a_person_moved_falls_due_on_the_day_that_was_stated() -> None:
    waiting = after(a_qualified_account(), *PLAN)
    snoozed = replace(the_task(waiting), due_on=THURSDAY_AFTER, done_by="rep-1")

    board = waiting.having(tasks=[snoozed])

    assert the_task(after(on(WEDNESDAY, board), *PLAN)).status == "moved"
    assert the_task(after(on(THURSDAY_AFTER, board), *PLAN)).status == "due"


@pytest.mark.parametrize(
    "stage, fault",
    [
        (Stage("new", "New", "new", 1, tasks=(IN_BUSINESS_DAYS,)), "sequences do the touches"),
        (Stage("won", "Won", "won", 100, tasks=(IN_BUSINESS_DAYS,)), "has no tasks"),
        (Stage("talks", "Talks", "qualified", 9, tasks=(IN_BUSINESS_DAYS,) * 2), "needs its own key"),
    ],
)
def test_the_tasks_of_a_pack_are_checked(stage: Stage, fault: str) -> None:
    others = [each for each in STAGES.prospect if each.phase != stage.phase]
    stages = sorted([*others, stage], key=lambda each: each.probability if each.phase != "lost" else 101)

    with pytest.raises(ValueError, match=fault):
        replace(STAGES, prospect=tuple(stages))


def test_a_task_states_when_it_is_due() -> None:
    with pytest.raises(ValueError, match="needs `after`"):
        TaskRule("status", "Ask")
    with pytest.raises(ValueError, match="it has `every`"):
        replace(STAGES, clients=(IN_BUSINESS_DAYS,))
