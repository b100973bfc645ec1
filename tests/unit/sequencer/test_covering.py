"""Who does the due tasks of a rep who is away, and when?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import is_business_day
from services.sequencer.domain.pack import TouchCap
from services.sequencer.domain.plan.account_tasks import resume_tasks
from services.sequencer.domain.plan.covering import cover_absent, sign_again
from services.sequencer.domain.reps import Leave, Rep, Team, team_of
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from tests.support.following import a_task, an_account, an_enrollment
from tests.support.sequencing import ROLES

BOOK = playbook()
MONDAY = date(2026, 7, 13)
FRIDAY, NEXT_MONDAY = date(2026, 7, 17), date(2026, 7, 20)


def tasks_of(rep: str, count: int, due_on: date = MONDAY, first: int = 0) -> list[Task]:
    return [a_task(first + n, rep=rep, due_on=due_on, score=Decimal(90 - n)) for n in range(1, count + 1)]


def a_board(*tasks: Task, today: date = MONDAY, leaves: tuple[Leave, ...] = ()) -> Board:
    return Board(
        today,
        ROLES,
        Team((Rep("ann", "Ann Lee"), *team_of(("bob", "cleo")).reps), leaves),
        accounts={"A": an_account()},
        enrollments={UUID(int=1): an_enrollment(owner="ann")},
        tasks={each.task_id: each for each in tasks},
    )


def on(board: Board, day: date, *leaves: Leave) -> Board:
    return replace(board, today=day, team=Team(board.team.reps, leaves))


def covered(board: Board) -> list[tuple[str, str | None, date, int]]:
    return [(each.rep, each.absent, each.due_on, each.version) for each in cover_absent(board, BOOK).tasks.values()]


def test_a_due_task_goes_to_the_cover_and_comes_back_after_the_leave() -> None:
    leave = Leave("ann", MONDAY, FRIDAY, "bob")
    [task] = tasks_of("ann", 1)

    away = cover_absent(a_board(task, leaves=(leave,)), BOOK)
    back = cover_absent(on(away, NEXT_MONDAY, leave), BOOK)

    assert [(each.rep, each.absent, each.version) for each in away.tasks.values()] == [("bob", "ann", 2)]
    assert [(each.rep, each.absent, each.version) for each in back.tasks.values()] == [("ann", None, 3)]


def test_an_overdue_task_stays_overdue_for_the_cover_and_is_due_on_the_day_of_the_return() -> None:
    leave = Leave("ann", MONDAY, FRIDAY, "bob")
    [task] = tasks_of("ann", 1, due_on=date(2026, 7, 9))

    away = cover_absent(a_board(task, leaves=(leave,)), BOOK)

    assert covered(a_board(task, leaves=(leave,))) == [("bob", "ann", date(2026, 7, 9), 2)]
    assert covered(on(away, NEXT_MONDAY, leave)) == [("ann", None, NEXT_MONDAY, 3)]


def test_without_a_cover_a_task_waits_for_the_business_day_of_the_return() -> None:
    saturday = date(2026, 7, 18)
    board = a_board(*tasks_of("ann", 1), leaves=(Leave("ann", MONDAY, FRIDAY),))

    assert board.team.back_on("ann", MONDAY) == saturday
    assert covered(board) == [("ann", "ann", NEXT_MONDAY, 2)]
    [task] = cover_absent(board, BOOK).tasks.values()
    assert (task.status, task.note, task.planned_on) == ("moved", "Ann Lee is away without a cover.", NEXT_MONDAY)


def test_no_one_comes_back_to_a_pile() -> None:  # a third of the team's 15 touches a day
    board = a_board(*tasks_of("ann", 12, due_on=date(2026, 7, 9)), leaves=(Leave("ann", MONDAY, FRIDAY),))

    waiting = cover_absent(board, BOOK)
    back = cover_absent(on(waiting, NEXT_MONDAY), BOOK)

    assert [each.due_on.day for each in waiting.tasks.values()] == [20] * 5 + [21] * 5 + [22] * 2
    assert [each.due_on for each in back.tasks.values()] == [each.due_on for each in waiting.tasks.values()]
    assert {each.absent for each in back.tasks.values()} == {None}
    assert [each.status for each in back.tasks.values()] == ["due"] * 5 + ["moved"] * 7


def test_waiting_tasks_leave_room_for_the_tasks_of_the_day_of_the_return() -> None:
    book = replace(BOOK, capacity=replace(BOOK.capacity, touches_per_day=TouchCap("rep", 2)))
    planned = a_task(9, rep="ann", due_on=NEXT_MONDAY)
    board = a_board(*tasks_of("ann", 2), planned, leaves=(Leave("ann", MONDAY, FRIDAY),))

    assert [each.due_on.day for each in cover_absent(board, book).tasks.values()] == [20, 21, 20]


def test_a_cover_does_no_more_on_a_day_than_a_rep_may() -> None:
    book = replace(BOOK, capacity=replace(BOOK.capacity, touches_per_day=TouchCap("rep", 3)))
    board = a_board(*tasks_of("bob", 2), *tasks_of("ann", 3, first=5), leaves=(Leave("ann", MONDAY, FRIDAY, "bob"),))

    tasks = cover_absent(board, book).tasks.values()

    assert [(each.status, each.rep, each.due_on.day) for each in tasks] == [
        ("due", "bob", 13), ("due", "bob", 13), ("due", "bob", 13), ("moved", "bob", 14), ("moved", "bob", 14),
    ]  # fmt: skip


def test_a_rep_who_is_back_early_does_the_waiting_tasks_now() -> None:
    waiting = cover_absent(a_board(*tasks_of("ann", 1), leaves=(Leave("ann", MONDAY, FRIDAY),)), BOOK)

    assert covered(on(waiting, date(2026, 7, 15))) == [("ann", None, date(2026, 7, 15), 3)]


def test_a_cover_who_is_named_later_gets_the_waiting_tasks_now() -> None:
    waiting = cover_absent(a_board(*tasks_of("ann", 1), leaves=(Leave("ann", MONDAY, FRIDAY),)), BOOK)

    assert covered(on(waiting, date(2026, 7, 14), Leave("ann", MONDAY, FRIDAY, "cleo"))) == [
        ("cleo", "ann", date(2026, 7, 14), 3)
    ]


def test_a_longer_leave_moves_the_waiting_tasks_again() -> None:
    waiting = cover_absent(a_board(*tasks_of("ann", 1), leaves=(Leave("ann", MONDAY, FRIDAY),)), BOOK)

    assert covered(on(waiting, MONDAY, Leave("ann", MONDAY, date(2026, 7, 24)))) == [
        ("ann", "ann", date(2026, 7, 27), 3)
    ]


def test_a_task_that_a_person_moved_waits_for_its_day_and_then_goes_to_the_cover() -> None:
    leave, wednesday = Leave("ann", MONDAY, FRIDAY, "bob"), date(2026, 7, 15)
    board = a_board(a_task(1, "moved", rep="ann", due_on=wednesday), leaves=(leave,))

    due = cover_absent(resume_tasks(on(cover_absent(board, BOOK), wednesday, leave), BOOK), BOOK)

    assert cover_absent(board, BOOK).tasks == board.tasks
    assert [(each.status, each.rep, each.due_on) for each in due.tasks.values()] == [("due", "bob", wednesday)]


def test_a_task_that_the_cover_moved_beyond_the_leave_comes_back_for_its_day() -> None:
    board = a_board(a_task(1, "moved", rep="bob", absent="ann", due_on=date(2026, 7, 22)))

    [task] = cover_absent(on(board, NEXT_MONDAY), BOOK).tasks.values()

    assert (task.status, task.rep, task.absent, task.due_on) == ("moved", "ann", None, date(2026, 7, 22))


@pytest.mark.parametrize("task", [a_task(1, rep="bob"), a_task(1, rep="ann", due_on=FRIDAY), a_task(1, "done", MONDAY)])
def test_tasks_of_others_of_later_days_and_ended_ones_stay_as_they_are(task: Task) -> None:
    board = a_board(task, leaves=(Leave("ann", MONDAY, NEXT_MONDAY, "bob"),))

    assert cover_absent(board, BOOK).tasks == board.tasks


def test_without_a_cover_the_enrollment_pauses_and_its_remaining_steps_are_as_far_apart_afterwards() -> None:
    leave = Leave("ann", MONDAY, FRIDAY)
    [active] = a_board().enrollments.values()

    [paused] = cover_absent(a_board(leaves=(leave,)), BOOK).enrollments.values()
    [resumed] = cover_absent(
        on(cover_absent(a_board(leaves=(leave,)), BOOK), NEXT_MONDAY, leave), BOOK
    ).enrollments.values()

    assert (paused.status, paused.paused_on, paused.resume_on, paused.absent) == ("paused", MONDAY, NEXT_MONDAY, "ann")
    assert paused.reason == "Ann Lee is away without a cover."
    assert replace(resumed, version=active.version) == replace(active, shifted_days=7)


@pytest.mark.parametrize("leave", [Leave("ann", MONDAY, FRIDAY, "bob"), Leave("bob", MONDAY, FRIDAY)])
def test_an_enrollment_goes_on_while_its_owner_or_a_cover_works(leave: Leave) -> None:
    board = a_board(leaves=(leave,))

    assert cover_absent(board, BOOK).enrollments == board.enrollments


def test_an_early_return_or_a_cover_ends_the_pause_and_a_longer_leave_extends_it() -> None:
    paused, tuesday = cover_absent(a_board(leaves=(Leave("ann", MONDAY, FRIDAY),)), BOOK), date(2026, 7, 14)

    [back] = cover_absent(on(paused, tuesday), BOOK).enrollments.values()
    [covered] = cover_absent(on(paused, tuesday, Leave("ann", MONDAY, FRIDAY, "bob")), BOOK).enrollments.values()
    [longer] = cover_absent(on(paused, tuesday, Leave("ann", MONDAY, NEXT_MONDAY)), BOOK).enrollments.values()

    assert (back.status, back.shifted_days, covered.status) == ("active", 1, "active")
    assert (longer.paused_on, longer.resume_on) == (MONDAY, date(2026, 7, 21))


def test_a_pause_that_a_person_decided_is_not_that_of_the_leave() -> None:
    board = a_board(leaves=(Leave("ann", MONDAY, FRIDAY),))
    [each] = board.enrollments.values()
    asked = replace(each, status="paused", paused_on=MONDAY, resume_on=date(2026, 8, 3), reason="asked us to wait")

    waiting = board.having(enrollments=[asked])
    away = cover_absent(waiting, BOOK)
    back = cover_absent(on(away, NEXT_MONDAY), BOOK)

    assert away.enrollments == back.enrollments == waiting.enrollments


def test_the_next_follow_up_of_an_account_is_the_new_day_of_its_task() -> None:
    board = a_board(*tasks_of("ann", 1), leaves=(Leave("ann", MONDAY, FRIDAY),))

    assert cover_absent(board, BOOK).accounts["A"].next_follow_up_on == NEXT_MONDAY


def test_a_changed_signature_is_a_new_version_of_the_due_tasks_of_the_rep() -> None:
    board = sign_again("ann")(a_board(a_task(1, rep="ann"), a_task(2, rep="bob"), a_task(3, "done", rep="ann")), BOOK)

    assert [each.version for each in board.tasks.values()] == [2, 1, 1]


LEAVES = st.lists(
    st.builds(
        lambda rep, first, days, cover: Leave(
            rep, MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + days), cover
        ),
        st.sampled_from(["ann", "bob", "cleo"]),
        st.integers(0, 12),
        st.integers(0, 8),
        st.sampled_from([None, "ann", "bob", "cleo"]),
    ),
    max_size=5,
)


@given(st.lists(LEAVES, min_size=1, max_size=6), st.lists(st.sampled_from(["ann", "bob", "cleo"]), max_size=20))
def test_whatever_leaves_there_are_no_task_is_due_for_a_rep_who_is_away(
    days: list[list[Leave]], reps: list[str]
) -> None:
    board = a_board(*(a_task(n, rep=rep, due_on=MONDAY) for n, rep in enumerate(reps, 1)))

    for number, leaves in enumerate(days):
        board = cover_absent(resume_tasks(on(board, MONDAY + timedelta(days=number), *leaves), BOOK), BOOK)
        due = [each for each in board.tasks.values() if each.due_on <= board.today]

        assert len(board.tasks) == len(reps)
        assert all(each.status == "due" and each.rep in board.team.working(board.today) for each in due)
        assert all(is_business_day(each.due_on, BOOK.closed) for each in board.tasks.values())
        assert [each.absent or each.rep for each in board.tasks.values()] == reps
        assert cover_absent(board, BOOK) == board
