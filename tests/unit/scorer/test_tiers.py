"""Are the cuts computed from the cohort, and does a tier depend only on score and record?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.scoring.policies import CalibrationDays
from engines.scoring.tiers import (
    Candidate,
    Record,
    calibrate,
    calibration_due,
    in_order,
    tier_of,
)
from tests.unit.scorer.building import POLICY

D = Decimal
MONDAY = date(2026, 7, 6)
WEEKLY = CalibrationDays(first=True, weekday="monday")


def a_cohort(*scores: str | int | Decimal) -> list[Candidate]:
    return [Candidate(f"{335000 + n}", D(score)) for n, score in enumerate(scores)]


def a_record(members: dict[str, int] | None = None, one: str = "40", two: str = "20") -> Record:
    return Record(MONDAY, {1: D(one), 2: D(two)}, D(2), members or {})


def test_before_the_first_calibration_every_facility_is_in_the_lowest_tier_r32() -> None:
    assert tier_of("335001", D("99.9"), None, POLICY.lowest) == 3


def test_the_cuts_are_the_scores_at_rank_15_and_rank_75_r32() -> None:
    made = calibrate(a_cohort(*range(100, 0, -1)), None, POLICY, MONDAY)

    assert made.record.cuts == {1: D(86), 2: D(26)}
    assert made.sizes == {1: 15, 2: 60, 3: 25}
    assert made.ties == {1: 1, 2: 1}
    assert made.cohort == 100


def test_every_facility_at_a_cut_is_in_the_tier_even_beyond_the_target_r32() -> None:
    made = calibrate(a_cohort(*["50"] * 14, *["36"] * 10, *["20"] * 90, "1"), None, POLICY, MONDAY)

    assert made.record.cuts == {1: D(36), 2: D(20)}
    assert made.sizes == {1: 24, 2: 90, 3: 1}
    assert made.ties == {1: 10, 2: 90}


@pytest.mark.parametrize("scores", [["90"] * 14, ["24.9"] * 20, ["90"] * 14 + ["3"] * 80, []])
def test_no_cut_falls_below_its_minimum_r32(scores: list[str]) -> None:
    made = calibrate(a_cohort(*scores), None, POLICY, MONDAY)

    assert made.record.cuts[1] == 25
    assert made.record.cuts[2] >= 10


@pytest.mark.parametrize(
    "score,previous,tier",
    [
        ("40.0", None, 1),
        ("39.9", None, 2),
        ("39.9", 1, 1),
        ("38.0", 1, 1),
        ("37.9", 1, 2),
        ("39.9", 2, 2),  # hysteresis is for members of the tier only
        ("20.0", None, 2),
        ("19.9", None, 3),
        ("18.0", 2, 2),
        ("17.9", 2, 3),
        ("19.9", 1, 3),  # was in Tier 1, not Tier 2
        ("45.0", 2, 1),
    ],
)
def test_a_facility_keeps_its_tier_down_to_two_points_below_the_cut_r32(
    score: str, previous: int | None, tier: int
) -> None:
    record = a_record({"335001": previous} if previous else {})

    assert tier_of("335001", D(score), record, POLICY.lowest) == tier


def test_at_a_calibration_members_of_a_tier_are_compared_with_the_new_cuts_r32() -> None:
    scores = a_cohort(*["50"] * 15, "49", "48", "47.9")
    members = {"335015": 1, "335016": 1, "335017": 1}

    made = calibrate(scores, a_record(members, one="45"), POLICY, MONDAY)

    assert made.record.cuts[1] == 50
    assert made.sizes == {1: 17, 2: 1, 3: 0}
    assert [(one.facility_id, one.from_tier, one.to_tier) for one in made.crossings] == [("335017", 1, 2)]


def test_a_record_keeps_its_members_in_rank_order() -> None:
    made = calibrate(a_cohort("30", "40", "40", "5"), None, POLICY, MONDAY)

    assert list(made.record.members.items()) == [("335001", 1), ("335002", 1), ("335000", 1)]


def test_equal_scores_are_ordered_by_urgency_last_seen_anomaly_and_ccn_with_unknown_last() -> None:
    same, seen = D(40), date(2026, 7, 1)
    expected = [
        Candidate("9", D("40.1")),
        Candidate("8", same, 4, seen),
        Candidate("7", same, 3, seen, D("0.2")),
        Candidate("6", same, 3, seen, D("0.1")),
        Candidate("5", same, 3, seen - timedelta(days=1), D(1)),
        Candidate("1", same),
        Candidate("2", same),
    ]

    assert in_order(reversed(expected), POLICY.tie_break) == expected
    assert in_order(expected[2:] + expected[:2], POLICY.tie_break) == expected


@pytest.mark.parametrize(
    "today,last,due",
    [
        (date(2026, 7, 1), None, True),  # the first, on any day
        (date(2026, 7, 1), date(2026, 7, 1), False),
        (date(2026, 7, 5), date(2026, 7, 1), False),  # Sunday
        (MONDAY, date(2026, 7, 1), True),
        (MONDAY, MONDAY, False),  # once a day
        (date(2026, 7, 8), date(2026, 7, 1), True),  # the Monday was missed
        (date(2026, 7, 8), date(2026, 7, 7), False),
        (date(2026, 7, 13), MONDAY, True),
    ],
)
def test_a_calibration_is_due_at_once_and_then_every_monday(today: date, last: date | None, due: bool) -> None:
    assert calibration_due(today, last, WEEKLY) is due


def test_without_an_initial_calibration_the_first_is_due_on_the_weekday() -> None:
    waiting = CalibrationDays(first=False, weekday="monday")

    assert [calibration_due(day, None, waiting) for day in (date(2026, 7, 5), MONDAY)] == [False, True]


SCORES = st.lists(st.decimals(0, 100, places=1), max_size=120)


@given(SCORES, st.randoms(use_true_random=False))
def test_a_calibration_is_the_same_in_any_order_and_agrees_with_every_tier(
    scores: list[Decimal], chance: object
) -> None:
    cohort = a_cohort(*scores)
    first = calibrate(cohort, None, POLICY, MONDAY)
    shuffled = list(cohort)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    again = calibrate(shuffled, first.record, POLICY, MONDAY)

    assert calibrate(shuffled, None, POLICY, MONDAY) == first
    assert again.crossings == ()
    assert again.record == first.record
    assert all(
        tier_of(one.facility_id, one.score, first.record, 3) == first.record.members.get(one.facility_id, 3)
        for one in cohort
    )
    assert sum(first.sizes.values()) == len(cohort)


QUARTERLY = CalibrationDays(first=True, weekday="monday", every="quarter")


@pytest.mark.parametrize(
    "today,last,due",
    [
        ("2026-07-06", "2026-04-06", True),  # the first Monday of July
        ("2026-07-05", "2026-04-06", False),
        ("2026-07-13", "2026-07-06", False),
        ("2026-07-13", "2026-06-29", True),  # missed, and due later
        ("2026-01-02", "2025-10-06", False),
        ("2026-01-05", "2025-10-06", True),
        ("2026-07-02", None, True),
    ],
)
def test_a_quarterly_calibration_is_due_on_the_first_weekday_of_the_quarter(
    today: str, last: str | None, due: bool
) -> None:
    calibrated_on = date.fromisoformat(last) if last else None

    assert calibration_due(date.fromisoformat(today), calibrated_on, QUARTERLY) is due
