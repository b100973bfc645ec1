"""How does an enrollment go on after a person let it wait?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.sequencer.domain.board import Board
from services.sequencer.domain.due import next_on
from services.sequencer.domain.plan.pausing import next_day, pause_one, resume_one
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from tests.support.following import STARTED, a_task, an_account, an_enrollment
from tests.support.sequencing import ROLES

BOOK = playbook()
EACH = an_enrollment(sequence="ny-snf-21-day", tier=1)
DONE = a_task(1, "done", STARTED, enrollment_id=EACH.enrollment_id)


def a_board(today: date, *tasks: Task) -> Board:
    return Board(
        today,
        ROLES,
        accounts={"A": an_account("A")},
        enrollments={EACH.enrollment_id: EACH},
        tasks={task.task_id: task for task in tasks},
    )


def test_what_is_left_of_the_waits_is_as_long_after_a_pause_that_a_person_ends() -> None:
    board = a_board(date(2026, 7, 3), DONE)
    sequence = board.sequence(EACH, BOOK)
    assert sequence
    before = next_on(EACH, sequence, [DONE], BOOK.closed)
    assert before

    waiting = pause_one(EACH.enrollment_id, date(2026, 8, 3), "later")(board, BOOK)
    later = replace(waiting, today=date(2026, 7, 13))
    going = resume_one(EACH.enrollment_id, date(2026, 7, 14))(later, BOOK)

    each = going.enrollments[EACH.enrollment_id]
    assert (each.status, each.shifted_days, each.resume_on, each.reason) == ("active", 10, None, None)
    expected = next_day(going, BOOK, each)
    assert expected
    assert expected - before >= date(2026, 7, 13) - date(2026, 7, 3)
    assert going.accounts["A"].next_follow_up_on == expected


def test_a_touch_that_waited_is_due_on_the_next_business_day() -> None:
    due = a_task(2, enrollment_id=EACH.enrollment_id, due_on=date(2026, 7, 3))
    board = a_board(date(2026, 7, 3), DONE, due)

    waiting = pause_one(EACH.enrollment_id, date(2026, 8, 3), "later")(board, BOOK)
    going = resume_one(EACH.enrollment_id, date(2026, 7, 7))(replace(waiting, today=date(2026, 7, 6)), BOOK)

    assert [board.tasks[due.task_id].due_on for board in (waiting, going)] == [date(2026, 8, 3), date(2026, 7, 7)]
    assert going.tasks[due.task_id].status == "moved"
