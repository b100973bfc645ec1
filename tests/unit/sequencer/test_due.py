"""Which steps are left, on which day may each be done, and for which person?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engines.packs import sections
from services.sequencer.domain.calendar import holidays_of, is_business_day, next_business_day
from services.sequencer.domain.conditions import Facts
from services.sequencer.domain.due import (
    DueStep,
    due_steps,
    earliest,
    follow_up_on,
    planned_on,
    steps_ahead,
    steps_to_come,
)
from services.sequencer.domain.reach import Contact, People
from services.sequencer.domain.sequences import Sequence, Step, Wake
from services.sequencer.domain.tasks import Task
from tests.support.following import a_task, an_enrollment
from tests.support.sequencing import people

CLOSED = holidays_of("US", "NY")
NINE = sections("sequences", Sequence)["ny-snf-21-day"]
NURTURE = sections("sequences", Sequence)["tier-2-nurture"]
TUESDAY = date(2026, 7, 7)
ADA = Contact("administrator", "Ada", "518", "ada@example.org")
DORA = Contact("don", "Dora", "519", "dora@example.org")
BOTH = people(ADA, DORA)
STARTED = an_enrollment(started_on=TUESDAY)


def due(tasks: list[Task], today: date, placed: int | None, known: People = BOTH) -> list[DueStep]:
    return due_steps(STARTED, NINE, Facts(known, tasks=tuple(tasks)), today, CLOSED, placed)


def test_the_nine_steps_are_those_of_the_pack() -> None:  # R35
    assert [(s.day, s.channel, s.persona) for s in NINE.steps] == [
        (1, "call", "administrator"),
        (2, "email", "don"),
        (4, "call", "don"),
        (7, "email", "administrator"),
        (9, "linkedin", "administrator"),
        (11, "call", "don"),
        (14, "email", "administrator"),
        (16, "call", "administrator"),
        (21, "email", "don"),
    ]
    assert NINE.closing == {9}


def test_a_sequence_that_starts_on_a_tuesday_has_no_step_on_a_weekend() -> None:  # section 0
    assert all(planned_on(STARTED, NINE, s, CLOSED) == TUESDAY + timedelta(days=(s.day or 0) - 1) for s in NINE.steps)


def test_steps_on_weekends_and_holidays_move_to_the_next_business_day() -> None:
    wednesday = replace(STARTED, started_on=date(2026, 7, 1))

    assert planned_on(wednesday, NINE, NINE.steps[2], CLOSED) == date(2026, 7, 6)  # day 4 is the 4th of July


def test_a_step_is_done_on_the_day_on_which_the_plan_placed_it() -> None:
    [offer] = due([], TUESDAY, placed=1)

    assert (offer.step.n, offer.person) == (1, ADA)


def test_a_step_that_the_plan_placed_on_no_day_yet_waits() -> None:
    assert due([], TUESDAY, placed=None) == []
    assert due([a_task(1, "done", TUESDAY)], TUESDAY + timedelta(days=1), placed=None) == []


def test_a_later_step_waits_for_the_earlier_one() -> None:
    assert due([a_task(1, "due")], TUESDAY + timedelta(days=30), placed=2) == []


@pytest.mark.parametrize("status", ["done", "skipped"])
def test_the_step_after_a_late_or_skipped_one_is_not_done_before_the_next_business_day(status: str) -> None:  # K17
    assert earliest([a_task(1, status, date(2026, 7, 10))], (), CLOSED) == date(2026, 7, 13)  # type: ignore[arg-type]


def test_research_on_a_blocked_enrollment_does_not_delay_its_first_step() -> None:
    assert earliest([a_task(0, "done", TUESDAY)], (), CLOSED) == date.min


def test_a_step_without_its_persona_goes_to_the_other_one() -> None:  # R189
    [offer] = due([a_task(1, "done", TUESDAY)], date(2026, 7, 8), 2, people(ADA))

    assert offer.step.persona == "don"
    assert offer.person == ADA


def test_a_step_without_a_recipient_is_skipped_on_its_day_and_the_next_one_is_considered() -> None:
    no_email = people(Contact("administrator", "Ada", "518"))
    tasks = [a_task(1, "done", TUESDAY)]

    assert [(o.step.n, o.person) for o in due(tasks, date(2026, 7, 8), None, no_email)] == [(2, None)]
    assert [(o.step.n, o.person is None) for o in due(tasks, date(2026, 7, 10), 3, no_email)] == [(2, True), (3, False)]


def test_an_enrollment_of_nine_steps_has_a_business_day_for_each() -> None:
    days = [planned_on(STARTED, NINE, step, CLOSED) for step in NINE.steps]

    assert len(set(days)) == 9
    assert days[-1] == date(2026, 7, 27)
    assert all(is_business_day(day, CLOSED) for day in days)


def test_the_steps_that_are_left_are_those_without_a_task_or_with_an_open_one() -> None:
    tasks = [a_task(1, "done", TUESDAY), a_task(2, "due")]

    assert [step.n for step in steps_to_come(STARTED, NINE, tasks)] == [3, 4, 5, 6, 7, 8, 9]
    assert [step.n for step in steps_ahead(STARTED, NINE, tasks)] == [2, 3, 4, 5, 6, 7, 8, 9]


def test_an_account_that_was_woken_starts_in_mid_sequence_with_a_letter_that_knows_of_the_others() -> None:  # R52
    woken = replace(STARTED, from_step=4)

    first, *others = steps_to_come(woken, NINE, [])
    assert (first.n, first.template, len(others)) == (4, "again-administrator", 5)
    assert planned_on(woken, NINE, first, CLOSED) == TUESDAY
    assert planned_on(woken, NINE, others[0], CLOSED) == TUESDAY + timedelta(days=2)


def test_after_a_pause_the_steps_are_as_far_apart_as_before() -> None:
    paused = replace(STARTED, shifted_days=7)

    assert planned_on(paused, NINE, NINE.steps[1], CLOSED) == TUESDAY + timedelta(days=8)


def test_the_next_follow_up_is_the_day_of_the_next_step() -> None:  # R49
    assert follow_up_on(STARTED, NINE, [a_task(1, "done", TUESDAY)], TUESDAY, CLOSED) == date(2026, 7, 8)
    late = [a_task(1, "done", TUESDAY), a_task(2, "done", date(2026, 8, 3))]
    assert follow_up_on(STARTED, NINE, late, date(2026, 8, 3), CLOSED) == next_business_day(date(2026, 8, 3), CLOSED)
    done = [a_task(n, "done", TUESDAY) for n in (1, 2, 3)]
    assert follow_up_on(STARTED, NURTURE, done, TUESDAY, CLOSED) is None


@pytest.mark.parametrize(
    "steps, complaint",
    [
        ([(2, 1)], "numbered"),
        ([(1, 2)], "day 1"),
        ([(1, 1), (2, 1)], "later day"),
        ([(1, 1), (2, 40)], "again_from_day"),
    ],
)
def test_an_invalid_sequence_is_refused(steps: list[tuple[int, int]], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Sequence("s", "S", 37, tuple(Step(n, "call", "don", day=day) for n, day in steps))


def test_a_rest_begins_with_a_closing_letter_and_a_woken_account_starts_with_a_letter() -> None:
    call, letter = Step(1, "call", "don", day=1), Step(2, "email", "don", "t", day=2, closing=True)

    with pytest.raises(ValueError, match="closing step"):
        Sequence("s", "S", 37, (call,), rest_days=9)
    with pytest.raises(ValueError, match="is an e-mail"):
        Sequence("s", "S", 37, (replace(call, closing=True),))
    with pytest.raises(ValueError, match=r"wake\.from_step"):
        Sequence("s", "S", 37, (call, letter), wake=Wake(1, "t"))
