"""At which step does an enrollment go on in another version of its sequence, and when?"""

from collections.abc import Sequence as Several
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.sequencer.domain.board import Board
from services.sequencer.domain.calendar import next_business_day
from services.sequencer.domain.due import earliest, planned_on
from services.sequencer.domain.pack import Playbook
from services.sequencer.domain.plan.ending import complete_enrollments, stop_enrollments
from services.sequencer.domain.plan.migrating import Move, migrate, moves
from services.sequencer.domain.sequences import After, Sequence, Step
from services.sequencer.domain.tasks import Task
from services.sequencer.settings import playbook
from tests.support.following import a_task, an_account, an_enrollment

TUESDAY = date(2026, 7, 7)
TODAY = date(2026, 7, 10)
PACK = playbook()


def a_sequence(*days: int, channel: str = "call", **more: Any) -> Sequence:
    steps = (Step(n, channel, "administrator", "t", day=day) for n, day in enumerate(days, 1))  # type: ignore[arg-type]
    return Sequence("s", "S", 99, tuple(steps), **more)


OLD = a_sequence(1, 4, 8, 15)


def a_book(new: Sequence) -> Playbook:
    return replace(PACK, sequences={"s": new})


def a_board(tasks: Several[Task], **more: Any) -> Board:
    each = an_enrollment(started_on=TUESDAY, sequence_version=OLD.version, **more)
    board = Board(TODAY, PACK.roles, accounts={"A": an_account(owner="rep-1", tier=2)}, pinned={OLD.version: OLD})
    return board.having(enrollments=[each], tasks=tasks)


def done(*days: int) -> list[Task]:
    return [a_task(n, "done", TUESDAY + timedelta(days=day - 1)) for n, day in enumerate(days, 1)]


def moved(new: Sequence, tasks: Several[Task], **more: Any) -> Move:
    [move] = moves(a_board(tasks, **more), a_book(new), "s")
    return move


def test_another_version_has_other_steps_or_rules_but_may_have_another_title() -> None:
    assert replace(OLD, title="Other").version == OLD.version
    assert a_sequence(1, 4, 8, 16).version != OLD.version
    assert replace(OLD, gap_days=2).version != OLD.version


def test_the_next_step_is_that_with_the_next_number() -> None:
    move = moved(a_sequence(1, 4, 9, 15), done(1, 4))

    assert (move.at_step, move.steps[0].n, move.why_not, move.passed) == (2, 3, None, ())
    assert move.days == (date(2026, 7, 15), date(2026, 7, 21))


def test_days_that_have_passed_move_and_stay_apart() -> None:
    move = moved(a_sequence(1, 2, 3, 6), done(1, 4))

    assert move.days == (date(2026, 7, 13), date(2026, 7, 16))


def test_a_touch_comes_no_closer_than_the_new_version_has_it() -> None:
    """The last touch was done on the day before; the new version has ten days between the two."""
    move = moved(a_sequence(1, 2, 12, 15), done(1, 3))

    assert move.days[0] == date(2026, 7, 20)


def test_if_the_steps_that_are_done_differ_the_day_decides() -> None:
    other = a_sequence(1, 2, 3, 5, 8)
    other = replace(other, steps=(replace(other.steps[0], channel="linkedin"), *other.steps[1:]))

    move = moved(other, done(1, 4))

    assert (move.at_step, move.steps[0].n, [step.n for step in move.passed]) == (2, 4, [3])


def test_an_enrollment_that_cannot_go_on_stays() -> None:
    fewer = a_sequence(1, 9, channel="linkedin")

    assert moved(fewer, done(1, 4)).why_not == "It would go on at step 2, and has done step 2 already."
    assert moved(a_sequence(1, 4), done(1, 4)).why_not
    board = a_board(done(1, 4))
    assert migrate(moves(board, a_book(fewer), "s"))(board, a_book(fewer)) == board


def test_the_steps_that_are_left_out_are_skipped_with_the_reason() -> None:
    other = a_sequence(1, 2, 3, 5, 8)
    other = replace(other, steps=(replace(other.steps[0], channel="linkedin"), *other.steps[1:]))
    board, book = a_board(done(1, 4)), a_book(other)

    after = migrate(moves(board, book, "s"))(board, book)

    [each], [skipped] = after.open, [task for task in after.tasks.values() if task.status == "skipped"]
    assert (each.sequence_version, each.version) == (other.version, board.open[0].version + 1)
    assert (skipped.step_no, skipped.done_on) == (3, TODAY)
    assert after.accounts["A"].next_follow_up_on == date(2026, 7, 13)
    assert not moves(after, book, "s"), "a second migration moves nothing"


def test_a_paused_enrollment_keeps_its_pause() -> None:
    move = moved(a_sequence(1, 4, 8, 16), done(1), status="paused", paused_on=TODAY, resume_on=date(2026, 7, 17))

    assert move.days[0] == date(2026, 7, 17)


def test_only_the_enrollment_of_a_facility_is_moved() -> None:
    board, book = a_board(done(1)), a_book(a_sequence(1, 4, 9))

    assert [len(moves(board, book, "s", key)) for key in ("A", "B")] == [1, 0]


def test_an_enrollment_goes_on_with_its_own_steps_when_its_sequence_leaves_the_pack() -> None:
    board, book = a_board(done(1, 4)), replace(PACK, sequences={"t": PACK.sequence(2)})

    assert stop_enrollments(board, book).open == board.open
    assert complete_enrollments(board, book).open == board.open
    ended = a_board(done(1, 4, 8, 15))
    assert not complete_enrollments(ended, book).open


versions = st.lists(st.integers(2, 40), min_size=1, max_size=5, unique=True).map(lambda days: (1, *sorted(days)))


@given(old=versions, new=versions, begun=st.integers(0, 5), late=st.integers(0, 9), waits=st.integers(0, 3))
def test_no_step_is_repeated_and_no_two_touches_are_closer_than_the_version_has_them(
    old: tuple[int, ...], new: tuple[int, ...], begun: int, late: int, waits: int
) -> None:
    first, other = a_sequence(*old), a_sequence(*new)
    if waits:
        last = len(new)
        business = replace(other.steps[-1], day=None, after=After(waits, "business"))
        other = replace(other, steps=(*other.steps[: last - 1], business)) if last > 1 else other
    tasks = [
        a_task(n, "done", TUESDAY - timedelta(days=50) + timedelta(days=day)) for n, day in enumerate(old[:begun], 1)
    ]
    tasks = [replace(each, done_on=next_business_day(each.done_on or TUESDAY, ())) for each in tasks]
    each = an_enrollment(started_on=TUESDAY - timedelta(days=50), sequence_version=first.version)
    board = Board(TODAY + timedelta(days=late), PACK.roles, accounts={"A": an_account(owner="rep-1", tier=2)})
    board = replace(board, pinned={first.version: first}).having(enrollments=[each], tasks=tasks)
    for move in moves(board, a_book(other), "s"):
        if move.after is None:
            continue
        assert move.steps[0].n > len(tasks)
        assert move.days[0] > board.today
        before, at = None, move.steps[0].n
        done_on = max((task.done_on for task in tasks if task.done_on), default=None)
        assert all(later > earlier for earlier, later in zip(move.days, move.days[1:], strict=False))
        if done_on and at > 1:
            apart = other.times[at - 1].days - other.times[at - 2].days
            assert move.days[0] - done_on >= timedelta(days=apart)
            assert move.days[0] >= earliest(tasks, other.waits_of(move.steps[0]), PACK.closed)
        for step, on in zip(move.steps, move.days, strict=True):
            assert on >= planned_on(move.after, other, step, PACK.closed)
            assert before is None or on > before
            before = on
