"""Which step is due on which day, and for which person?"""

from datetime import date, timedelta

import pytest

from engines.packs import sections
from services.sequencer.domain.calendar import holidays_of, is_business_day, next_business_day
from services.sequencer.domain.due import DueStep, due_steps, follow_up_on, planned_on, steps_ahead
from services.sequencer.domain.pack import Sequence, Step
from services.sequencer.domain.plan.enrolling import may_start
from services.sequencer.domain.reach import Contact, People
from services.sequencer.domain.tasks import Task
from tests.support.following import a_task
from tests.support.sequencing import people

CLOSED = holidays_of("US", "NY")
NINE = sections("sequences", Sequence)["ny-snf-21-day"]
NURTURE = sections("sequences", Sequence)["tier-2-nurture"]
TUESDAY = date(2026, 7, 7)
ADA = Contact("administrator", "Ada", "518", "ada@example.org")
DORA = Contact("don", "Dora", "519", "dora@example.org")
BOTH = people(ADA, DORA)


def due(tasks: list[Task], today: date, known: People = BOTH, sequence: Sequence = NINE) -> list[DueStep]:
    return due_steps(sequence, TUESDAY, tasks, known, today, CLOSED, chain=False)


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


def test_a_sequence_that_starts_on_a_tuesday_has_no_step_on_a_weekend() -> None:  # section 0
    assert all(planned_on(s, TUESDAY, CLOSED) == TUESDAY + timedelta(days=s.day - 1) for s in NINE.steps)


def test_steps_on_weekends_and_holidays_move_to_the_next_business_day() -> None:
    wednesday = date(2026, 7, 1)

    assert planned_on(NINE.steps[2], wednesday, CLOSED) == date(2026, 7, 6)  # day 4 is the 4th of July


def test_the_first_step_is_due_on_the_day_of_the_start() -> None:
    [offer] = due([], TUESDAY)

    assert (offer.step.n, offer.due_on, offer.person) == (1, TUESDAY, ADA)


def test_a_later_step_waits_for_the_earlier_one() -> None:
    assert due([a_task(1, "due")], TUESDAY + timedelta(days=30)) == []


def test_a_step_after_a_late_one_is_due_on_the_next_business_day() -> None:  # K17
    late = [a_task(1, "done", date(2026, 7, 10))]

    assert due(late, date(2026, 7, 10)) == []
    assert due(late, date(2026, 7, 12)) == []
    assert [o.due_on for o in due(late, date(2026, 7, 13))] == [date(2026, 7, 13)]


def test_after_a_skipped_step_the_next_one_is_due_on_the_next_business_day() -> None:
    skipped = [a_task(1, "skipped", date(2026, 7, 10))]

    assert due(skipped, date(2026, 7, 10)) == []
    [offer] = due(skipped, date(2026, 7, 13))
    assert (offer.step.n, offer.due_on) == (2, date(2026, 7, 13))


def test_a_step_without_its_persona_goes_to_the_other_one() -> None:  # R189
    [offer] = due([a_task(1, "done", TUESDAY)], date(2026, 7, 8), people(ADA))

    assert offer.step.persona == "don"
    assert offer.person == ADA


def test_a_step_without_a_recipient_is_skipped_and_the_next_one_is_considered() -> None:
    no_email = people(Contact("administrator", "Ada", "518"))
    tasks = [a_task(1, "done", TUESDAY)]

    assert [(o.step.n, o.person) for o in due(tasks, date(2026, 7, 8), no_email)] == [(2, None)]
    assert [(o.step.n, o.person is None) for o in due(tasks, date(2026, 7, 10), no_email)] == [(2, True), (3, False)]


def test_an_enrollment_of_nine_steps_ends_within_a_month_and_never_has_two_tasks_a_day() -> None:
    tasks: list[Task] = []
    days: list[date] = []
    day = TUESDAY
    while steps_ahead(NINE, tasks):
        for offer in due(tasks, day):
            tasks.append(a_task(offer.step.n, "done", day))
            days.append(day)
        day += timedelta(days=1)

    assert len(days) == len(set(days)) == 9
    assert days[-1] == date(2026, 7, 27)
    assert all(is_business_day(touched, CLOSED) for touched in days)


def test_research_on_a_blocked_enrollment_does_not_delay_its_first_step() -> None:
    [offer] = due([a_task(0, "done", TUESDAY)], TUESDAY)

    assert (offer.step.n, offer.due_on) == (1, TUESDAY)


def test_the_next_follow_up_is_the_day_of_the_next_step() -> None:  # R49
    assert follow_up_on(NINE, TUESDAY, [a_task(1, "done", TUESDAY)], TUESDAY, CLOSED) == date(2026, 7, 8)
    late = [a_task(1, "done", TUESDAY), a_task(2, "done", date(2026, 8, 3))]
    assert follow_up_on(NINE, TUESDAY, late, date(2026, 8, 3), CLOSED) == next_business_day(date(2026, 8, 3), CLOSED)
    assert follow_up_on(NURTURE, TUESDAY, [a_task(n, "done", TUESDAY) for n in (1, 2, 3)], TUESDAY, CLOSED) is None


@pytest.mark.parametrize("days, may", [(35, False), (36, True), (200, True)])
def test_the_next_nurture_cycle_starts_from_day_37(days: int, may: bool) -> None:  # R42, K25
    assert may_start(NURTURE, TUESDAY, TUESDAY + timedelta(days=days)) is may


def test_an_enrollment_that_never_started_does_not_delay_the_next() -> None:
    assert may_start(NURTURE, None, TUESDAY)


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
        Sequence("s", "S", 37, tuple(Step(n, day, "call", "don") for n, day in steps))
