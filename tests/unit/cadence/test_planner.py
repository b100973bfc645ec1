"""Does a plan fill the days without breaking a rule?"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.cadence.horizon import Wait
from engines.cadence.planner import Plan, Started
from engines.cadence.touches import Candidate, Crew, Letters, Limits, Run, StartDays, Step, designed
from tests.unit.cadence.building import MONDAY, NINE, NURTURE, a_candidate, a_run, crew, horizon, planned, steps


def days_of(plan: Plan, key: str) -> list[int]:
    return [each.on for each in plan.placements if each.key == key]


def test_every_touch_is_done_on_its_day_if_there_is_room() -> None:
    found = planned([], [a_candidate("a")], crew(team=15))

    assert found.starts == {"a": 0}
    # Days 7, 14 and 21 are Sundays, and move to the Mondays after them.
    assert days_of(found, "a") == [0, 1, 3, 5, 6, 8, 10, 11, 15]
    assert not found.late
    assert not found.waits


def test_no_day_has_more_touches_than_the_cap_of_the_team() -> None:
    runs = [a_run(f"{n:02}", MONDAY) for n in range(6)]

    found = planned(runs, [], crew(team=3))

    assert max(found.load({}).values()) == 3
    assert [sum(each.on == day for each in found.placements) for day in range(4)] == [3, 3, 3, 3]


def test_the_more_urgent_touch_is_done_first() -> None:
    """The one whose last day comes first, then the better account."""
    late, early = a_run("a", MONDAY, slip=3), a_run("b", MONDAY - timedelta(days=1), slip=0)

    found = planned([late, early], [], crew(team=1))

    assert [(each.key, each.on) for each in found.placements[:2]] == [("b", 0), ("a", 1)]


def test_tasks_that_are_on_a_worklist_already_take_places() -> None:
    busy = Crew(crew().workers, team_max=2, booked={("bob", 0): 2})

    found = planned([a_run("a", MONDAY)], [a_candidate("b")], busy)

    assert days_of(found, "a")[0] == 1
    assert found.starts["b"] == 1


def test_a_cap_of_reps_counts_each_rep() -> None:
    runs = [a_run("a", MONDAY), a_run("b", MONDAY), a_run("c", MONDAY, owner="bob")]

    found = planned(runs, [], crew(rep=1))

    assert [(each.key, each.on) for each in found.placements if each.step_no == 1] == [("a", 0), ("c", 0), ("b", 1)]


def test_nothing_is_planned_for_a_rep_who_is_away_and_the_slip_clock_stands() -> None:
    found = planned([a_run("a", MONDAY)], [], crew(team=15, away={"ann": [0, 1, 2, 3, 4]}))

    assert days_of(found, "a")[0] == 5
    assert not [each for each in found.late if each.step_no == 1]


def test_the_cover_does_the_touches_of_an_absent_rep() -> None:
    covered = Crew({"ann": ["bob"] * 3 + ["ann"] * 18, "bob": ["bob"] * 21}, team_max=15)

    found = planned([a_run("a", MONDAY)], [], covered)

    assert [each.worker for each in found.placements[:3]] == ["bob", "bob", "ann"]


def test_a_start_that_would_make_a_later_day_impossible_waits() -> None:
    runs = [a_run(f"{n:02}", MONDAY, slip=0) for n in range(2)]

    found = planned(runs, [a_candidate("b")], crew(team=2))

    assert found.starts.get("b") != 0
    assert not found.late


def test_a_plan_that_is_impossible_names_its_enrollments() -> None:
    runs = [a_run(f"{n}", MONDAY, slip=0) for n in range(3)]

    found = planned(runs, [], crew(team=2))

    assert ("2", 1) in {(each.key, each.step_no) for each in found.late}


def test_the_limits_of_a_tier_hold_for_each_rep_and_week() -> None:  # R40, R41
    waiting = [a_candidate(f"{n}") for n in range(4)] + [a_candidate("b", owner="bob")]

    found = planned([], waiting, crew(team=50), {1: Limits(per_rep=8, new_per_rep_and_week=2), 2: Limits()})

    assert found.starts == {"0": 0, "1": 0, "b": 0, "2": 5, "3": 5}


def test_starts_of_this_week_count_against_the_quota() -> None:
    limits = {1: Limits(new_per_rep_and_week=2), 2: Limits(new_per_day=3)}

    found = planned([], [a_candidate("a")], crew(team=50), limits, Started({(1, "ann"): 2}, {}))

    assert found.starts == {"a": 5}


def test_a_seat_is_taken_until_the_last_touch() -> None:  # R40
    found = planned([a_run("a", MONDAY)], [a_candidate("b")], crew(team=50), {1: Limits(per_rep=1), 2: Limits()})

    assert found.starts["b"] == 16
    assert days_of(found, "a")[-1] == 15


def test_three_enrollments_of_tier_2_start_on_one_day() -> None:  # R42
    waiting = [a_candidate(f"{n}", NURTURE, tier=2) for n in range(5)]

    found = planned([], waiting, crew(team=50), {1: Limits(), 2: Limits(new_per_day=3)})

    assert Counter(found.starts.values()) == {0: 3, 1: 2}


def test_a_better_tier_starts_first_and_an_account_that_rests_keeps_no_seat() -> None:
    limits = {1: Limits(per_rep=1), 2: Limits()}

    found = planned([], [a_candidate("a", earliest=3), a_candidate("b")], crew(team=50), limits)

    assert found.starts["b"] == 0


def test_an_account_that_waits_has_a_reason() -> None:
    limits = {1: Limits(new_per_rep_and_week=0), 2: Limits()}

    assert planned([], [a_candidate("a")], crew(team=9), limits).waits == {"a": "week"}
    assert planned([], [a_candidate("a")], crew(team=0)).waits == {"a": "full"}
    assert planned([], [a_candidate("a", earliest=40)], crew(team=9)).waits == {"a": "later"}


def test_a_start_waits_that_would_make_a_touch_late_because_another_one_slips() -> None:
    """The windows of all touches have room, but a touch that slips moves those of the next ones (found by chance)."""
    runs = [a_run("x", MONDAY - timedelta(days=5), owner="bob"), a_run("y", MONDAY - timedelta(days=6), owner="bob")]
    nurtured = [("c", "bob", 4), ("d", "ann", 0), ("e", "ann", 4), ("f", "ann", 0)]
    nine = [("g", "ann", 0), ("h", "ann", 0), ("i", "ann", 4)]
    waiting = [a_candidate(key, NURTURE, owner, 2, earliest) for key, owner, earliest in nurtured]
    waiting += [a_candidate(key, NINE, owner, 1, earliest) for key, owner, earliest in nine]
    workers = crew(team=2, away={"bob": [2, 3]})
    limits = {1: Limits(8, 2, None), 2: Limits(None, None, 3)}

    found = planned(runs, waiting, workers, limits)

    assert not planned(runs, [], workers, limits).late
    assert not found.late
    assert found.starts.keys() | found.waits.keys() == {each.key for each in waiting}


def test_a_person_gets_no_more_letters_than_the_pack_allows() -> None:
    letters = Letters(2, 30, {"ada@example.org": [(MONDAY - timedelta(days=3)).toordinal()]})
    write = Candidate("a", "ann", 1, "a", steps((1, 2, 4), recipient="ada@example.org"), 3)

    found = planned([], [write], crew(team=9), letters=letters)

    assert days_of(found, "a")[0] == 0
    day_of_second = horizon().day(days_of(found, "a")[1])
    assert day_of_second >= MONDAY + timedelta(days=27)
    assert not found.late  # the touch waits for its turn, not for a place


runs_of_a_team = st.lists(
    st.builds(
        lambda n, back, nine, owner: a_run(
            f"r{n}", MONDAY - timedelta(days=back), NINE if nine else NURTURE, 3 if nine else 5, owner, 1 if nine else 2
        ),
        st.integers(0, 200),
        st.sampled_from([0, 3, 4, 5, 6, 7, 10, 14, 20]),
        st.booleans(),
        st.sampled_from(["ann", "bob"]),
    ),
    max_size=25,
    unique_by=lambda run: run.key,
)
waiting_accounts = st.lists(
    st.builds(
        lambda n, nine, owner, earliest: a_candidate(
            f"c{n}", NINE if nine else NURTURE, owner, 1 if nine else 2, earliest
        ),
        st.integers(0, 200),
        st.booleans(),
        st.sampled_from(["ann", "bob"]),
        st.sampled_from([0, 0, 0, 4]),
    ),
    max_size=25,
    unique_by=lambda each: each.key,
)


@settings(max_examples=60, deadline=None)
@given(runs_of_a_team, waiting_accounts, st.integers(1, 15), st.booleans(), st.randoms(use_true_random=False))
def test_no_rule_is_ever_broken(
    runs: list[Run], waiting: list[Candidate], most: int, by_team: bool, random: Any
) -> None:
    workers = crew(**{"team" if by_team else "rep": most}, away={"bob": [2, 3]})
    limits = {1: Limits(8, 2, None), 2: Limits(None, None, 3)}

    found = planned(runs, waiting, workers, limits)

    per_day = Counter(each.on if by_team else (each.worker, each.on) for each in found.placements)
    assert max(per_day.values(), default=0) <= most
    assert not any(each.worker == "bob" and each.on in (2, 3) for each in found.placements)
    assert all(each.on >= each.designed for each in found.placements)
    for key in {each.key for each in found.placements}:
        days = days_of(found, key)
        assert days == sorted(set(days))
    # No start makes anything late.
    late_anyway = {(each.key, each.step_no) for each in planned(runs, [], workers, limits).late}
    assert {(each.key, each.step_no) for each in found.late} <= late_anyway
    shuffled = planned(random.sample(runs, len(runs)), random.sample(waiting, len(waiting)), workers, limits)
    assert (sorted(shuffled.placements, key=repr), shuffled.starts) == (
        sorted(found.placements, key=repr),
        found.starts,
    )


@settings(max_examples=40, deadline=None)
@given(runs_of_a_team, st.integers(1, 6))
def test_no_place_stays_empty_that_a_touch_could_fill(runs: list[Run], most: int) -> None:
    found = planned(runs, [], crew(team=most))

    for day in range(21):
        if sum(each.on == day for each in found.placements) < most:
            assert not [each for each in found.placements if each.ready <= day < each.on]


def test_the_day_of_a_plan_does_not_depend_on_its_start() -> None:
    assert horizon(today=date(2026, 7, 4)).days == horizon().days


def test_a_sequence_that_starts_on_some_weekdays_only_waits_for_them() -> None:
    tuesdays = replace(a_candidate("a"), start_days=StartDays(only=frozenset({1})))

    assert planned([], [tuesdays], crew(team=15)).starts == {"a": 1}
    assert planned([], [tuesdays], crew(team=15)).waits == {"a": "start_day"}


def test_a_preferred_weekday_is_waited_for_only_if_the_day_is_full_without_the_start() -> None:
    prefers = replace(a_candidate("a"), start_days=StartDays(prefer=frozenset({1})))
    others = [a_run(f"r{n}", MONDAY, (1, 30)) for n in range(3)]

    assert planned([], [prefers], crew(team=3)).starts == {"a": 0}
    assert planned(others, [prefers], crew(team=3)).starts == {"a": 1}
    assert planned(others, [a_candidate("a")], crew(team=3)).starts == {"a": 0}


@given(runs=st.integers(0, 12), candidates=st.integers(1, 6), cap=st.integers(1, 4), prefer=st.integers(0, 4))
def test_a_preference_leaves_no_place_of_today_empty(runs: int, candidates: int, cap: int, prefer: int) -> None:
    running = [a_run(f"r{n}", MONDAY, (1, 20)) for n in range(runs)]
    waiting = [a_candidate(f"c{n}", (1, 15, 30)) for n in range(candidates)]
    choosy = [replace(each, start_days=StartDays(prefer=frozenset({prefer}))) for each in waiting]

    plain, prefers = planned(running, waiting, crew(team=cap)), planned(running, choosy, crew(team=cap))

    assert sum(each.on == 0 for each in prefers.placements) == sum(each.on == 0 for each in plain.placements)


def test_a_touch_waits_for_its_days_after_a_late_one() -> None:
    steps_after = (Step(1, Wait()), Step(2, Wait(0, 3), waits=(Wait(0, 3),)), Step(3, Wait(8), waits=(Wait(5),)))
    run = Run("a", "ann", 1, "a", designed(steps_after, MONDAY, horizon(), 5))

    assert days_of(planned([run], [], crew(team=1)), "a") == [0, 3, 6]
    assert days_of(planned([run], [], crew(team=1, away={"ann": [0, 1]})), "a") == [2, 5, 10]
