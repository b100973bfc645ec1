"""When are the steps of a sequence, and which of them are skipped?"""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.cadence.horizon import Horizon, Wait
from engines.cadence.touches import Step as Planned
from engines.cadence.touches import designed
from services.sequencer.domain.calendar import holidays_of, is_business_day, roll
from services.sequencer.domain.conditions import Facts
from services.sequencer.domain.due import due_steps, earliest, follow_up_on, next_on, planned_on
from services.sequencer.domain.plan.pausing import shifted
from services.sequencer.domain.reach import Contact
from services.sequencer.domain.sequences import After, Sequence, Starts, Step, When
from tests.support.following import a_task, an_enrollment
from tests.support.sequencing import people

CLOSED = holidays_of("US", "NY")
THURSDAY = date(2026, 7, 9)
ADA = Contact("administrator", "Ada", "518", "ada@example.org")
STARTED = an_enrollment(started_on=THURSDAY)


def a_step(n: int, day: int | None = None, channel: str = "email", **more: object) -> Step:
    return Step(n, channel, "administrator", "t", day=day, **more)  # type: ignore[arg-type]


def business(days: int) -> After:
    return After(days, "business")


def a_sequence(*steps: Step, **more: object) -> Sequence:
    return Sequence("s", "S", 99, steps, **more)  # type: ignore[arg-type]


WAITING = a_sequence(a_step(1, 1), a_step(2, after=business(3)), a_step(3, after=business(5), channel="linkedin"))


def days_of(sequence: Sequence, start: date = THURSDAY) -> list[date]:
    return [planned_on(replace(STARTED, started_on=start), sequence, step, CLOSED) for step in sequence.steps]


def test_business_days_leave_out_weekends_and_holidays() -> None:  # R74
    assert days_of(WAITING) == [THURSDAY, date(2026, 7, 14), date(2026, 7, 21)]
    assert days_of(WAITING, date(2026, 7, 1))[1] == date(2026, 7, 7)  # 3 July is the holiday


def test_calendar_days_after_the_step_before_count_weekends() -> None:  # R129
    mixed = a_sequence(a_step(1, 1), a_step(2, after=After(2, "calendar")), a_step(3, 8), a_step(4, after=business(1)))

    assert days_of(mixed) == [THURSDAY, date(2026, 7, 13), date(2026, 7, 16), date(2026, 7, 17)]


def test_a_sequence_may_move_weekends_to_the_business_day_before_them() -> None:
    back = a_sequence(a_step(1, 1), a_step(2, 3), roll="previous_business_day")

    assert days_of(back)[1] == date(2026, 7, 10)


def test_a_step_after_a_late_one_keeps_its_distance() -> None:
    late = [a_task(1, "done", THURSDAY + timedelta(days=5))]

    assert follow_up_on(STARTED, WAITING, late, THURSDAY, CLOSED) == date(2026, 7, 17)


def test_a_pause_keeps_what_is_left_of_a_wait() -> None:
    late = [a_task(1, "done", date(2026, 7, 13))]  # the next step is on the 16th
    paused = replace(STARTED, status="paused", paused_on=date(2026, 7, 14), resume_on=date(2026, 7, 21))

    resumed = shifted(paused, date(2026, 7, 21), WAITING, late, CLOSED)

    assert follow_up_on(resumed, WAITING, late, THURSDAY, CLOSED) == date(2026, 7, 23)


def test_the_planner_and_the_sequence_have_the_same_days() -> None:
    horizon = Horizon(THURSDAY, 21, lambda day: is_business_day(day, CLOSED))
    steps = [Planned(step.n, WAITING.at(step), None, WAITING.waits_of(step)) for step in WAITING.steps]

    assert [horizon.day(touch.on) for touch in designed(steps, THURSDAY, horizon, 3)] == days_of(WAITING)


waits = st.one_of(st.integers(1, 9).map(business), st.integers(1, 9).map(lambda days: After(days, "calendar")))


@given(waits=st.lists(waits, min_size=1, max_size=5), back=st.booleans(), late=st.lists(st.integers(0, 4), min_size=6))
def test_no_two_touches_are_closer_than_the_sequence_has_them(waits: list[After], back: bool, late: list[int]) -> None:
    steps = [a_step(n, after=each) for n, each in enumerate(waits, 2)]
    sequence = a_sequence(a_step(1, 1), *steps, roll="previous_business_day" if back else "next_business_day")
    before = THURSDAY
    for step, delay in zip(steps, late, strict=False):
        tasks = [a_task(step.n - 1, "done", before)]
        on = max(planned_on(STARTED, sequence, step, CLOSED), earliest(tasks, sequence.waits_of(step), CLOSED))
        between = [before + timedelta(days=n) for n in range(1, (on - before).days + 1)]
        assert step.after
        if step.after.of == "business":
            assert sum(is_business_day(day, CLOSED) for day in between) >= step.after.days
        elif not back:
            assert len(between) >= step.after.days
        assert between
        before = next(day for n in range(9) if is_business_day(day := on + timedelta(days=delay + n), CLOSED))


@given(
    wait=waits,
    start=st.integers(0, 30),
    late=st.integers(0, 6),
    until=st.integers(0, 9),
    length=st.integers(1, 30),
    back=st.booleans(),
)
def test_a_pause_keeps_the_remaining_wait(
    wait: After, start: int, late: int, until: int, length: int, back: bool
) -> None:
    rule = "previous_business_day" if back else "next_business_day"
    sequence = a_sequence(a_step(1, 1), a_step(2, after=wait), roll=rule)
    each = replace(STARTED, started_on=roll(THURSDAY + timedelta(days=start), CLOSED))
    done = roll(each.day_one + timedelta(days=late), CLOSED)
    tasks = [a_task(1, "done", done)]
    before = next_on(each, sequence, tasks, CLOSED)
    assert before
    paused = replace(each, paused_on=min(done + timedelta(days=until), before))
    assert paused.paused_on

    resumed = shifted(paused, paused.paused_on + timedelta(days=length), sequence, tasks, CLOSED)

    after = next_on(resumed, sequence, tasks, CLOSED)
    assert after
    assert after >= before + timedelta(days=length) - timedelta(days=0 if not back else 3)


def skipped(sequence: Sequence, facts: Facts, today: date = date(2026, 7, 14)) -> list[tuple[int, str | None]]:
    return [(due.step.n, due.why_not) for due in due_steps(STARTED, sequence, facts, today, CLOSED, None)]


def conditional(**when: object) -> Sequence:
    second = a_step(2, after=business(3), when=When(**when))  # type: ignore[arg-type]
    return a_sequence(a_step(1, 1, "call"), second, a_step(3, after=business(5)))


def test_a_step_whose_earlier_step_ended_otherwise_is_skipped_with_the_condition() -> None:
    sequence = conditional(step=1, outcome=("no_answer", "left_voicemail"))

    reached = Facts(people(ADA), tasks=(a_task(1, "done", THURSDAY, outcome="reached"),))
    assert skipped(sequence, reached) == [
        (2, "Only if step 1 ends with no_answer or left_voicemail; it ended with reached.")
    ]
    passed = Facts(people(ADA), tasks=(a_task(1, "skipped", THURSDAY, outcome="No direct phone is known."),))
    assert skipped(sequence, passed)[0][1] == "Only if step 1 ends with no_answer or left_voicemail; it was skipped."
    unanswered = Facts(people(ADA), tasks=(a_task(1, "done", THURSDAY, outcome="no_answer"),))
    assert not skipped(sequence, unanswered)


def test_a_step_that_asks_for_the_outcome_of_one_before_the_beginning_is_skipped() -> None:
    third = a_step(3, 5, when=When(step=1, outcome=("no_answer",)))
    sequence = a_sequence(a_step(1, 1, "call"), a_step(2, 3), third)
    facts = Facts(people(ADA), tasks=(a_task(2, "done", THURSDAY),), from_step=2)

    [due] = due_steps(replace(STARTED, from_step=2), sequence, facts, date(2026, 7, 14), CLOSED, 3)

    assert due.why_not == "Only if step 1 ends with no_answer; it began at step 2."


def test_a_condition_is_decided_on_the_day_of_the_step_not_before() -> None:
    facts = Facts(people(ADA), tasks=(a_task(1, "done", THURSDAY, outcome="reached"),))

    assert not skipped(conditional(signal="open"), facts, date(2026, 7, 13))
    assert skipped(conditional(signal="open"), facts) == [(2, "Only while a signal is open; none is.")]
    assert not skipped(conditional(signal="open"), replace(facts, has_signal=True))


def test_a_step_may_need_another_channel_of_its_person() -> None:
    facts = Facts(people(replace(ADA, direct_phone=None)), tasks=(a_task(1, "done", THURSDAY, outcome="sent"),))

    [(step, reason)] = skipped(conditional(has="call"), facts)

    assert (step, reason) == (2, "No direct phone is known of the Administrator or the DON.")


def test_the_step_after_a_skipped_one_waits_for_as_long_as_both() -> None:
    facts = Facts(people(ADA), tasks=(a_task(1, "done", THURSDAY, outcome="reached"),))
    sequence = conditional(signal="open")

    assert skipped(sequence, facts, date(2026, 7, 21)) == [(2, "Only while a signal is open; none is.")]
    tasks = [*facts.tasks, a_task(2, "skipped", date(2026, 7, 14), outcome="none is")]
    assert follow_up_on(STARTED, sequence, tasks, THURSDAY, CLOSED) == date(2026, 7, 21)


@pytest.mark.parametrize(
    "make, complaint",
    [
        (lambda: a_step(2), "either `day: 7`"),
        (lambda: a_step(2, 3, after=business(1)), "either `day: 7`"),
        (lambda: business(0), "at least 1"),
        (lambda: When(), "a condition has"),
        (lambda: When(step=1), "belong together"),
        (lambda: Starts(), "either"),
        (lambda: Starts(("tue",), ("mon",)), "either"),
        (lambda: a_sequence(a_step(1, after=business(1))), "day 1"),
        (lambda: a_sequence(a_step(1, 1), a_step(2, after=business(5)), a_step(3, 7)), "later day"),
        (lambda: replace(WAITING, again_from_day=11), "again_from_day"),
        (lambda: a_sequence(a_step(1, 1, when=When(step=1, outcome=("sent",)))), "an earlier step"),
    ],
)
def test_an_invalid_step_is_refused(make: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make()  # type: ignore[operator]


def test_days_and_waits_become_the_same() -> None:
    assert [asdict(at) for at in WAITING.times] == [
        asdict(Wait(0, 0)),
        asdict(Wait(0, 3)),
        asdict(Wait(0, 8)),
    ]
