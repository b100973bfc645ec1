"""Is what changed told, and is its cause the same in whatever order things arrived?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engines.scoring.formula import score
from engines.scoring.inputs import ContactChange, Fact, Signal
from engines.scoring.standing import Standing, cause_of, standing, worth_telling
from tests.unit.scorer.building import MODEL, TODAY, a_change, a_facility, a_fact, a_signal, days_ago, scored

YESTERDAY = days_ago(1)
Part = Signal | Fact | ContactChange


def stands(*parts: Part, tier: int = 3, pack: str = "a", days: int = 0) -> Standing:
    return standing("335001", scored(*parts, on=TODAY + timedelta(days=days)), tier, pack)


def test_a_first_score_is_told_even_if_it_is_zero() -> None:
    assert worth_telling(None, stands(), MODEL)


def test_a_new_file_that_says_the_same_is_not_worth_an_event() -> None:
    old, new = (a_fact("qm_rating", "1", days_ago(days)) for days in (40, 10))

    assert stands(old) != stands(old, new)
    assert not worth_telling(stands(old), stands(old, new), MODEL)


@pytest.mark.parametrize(
    "now",
    [
        stands(a_signal(urgency=2)),
        stands(a_signal(), tier=1),
        stands(a_signal(seen=days_ago(1))),  # the score is the same, the order among equals is not
        stands(a_signal(), a_signal("qm", 0)),  # one more reason to call
        stands(a_signal(), a_fact("qm_rating", "2")),
        stands(a_signal(), a_fact("medicaid_share", "0.001")),
    ],
)
def test_a_change_of_numbers_or_of_open_postings_is_told(now: Standing) -> None:
    assert worth_telling(stands(a_signal()), now, MODEL)


@pytest.mark.parametrize(
    "before,parts,cause",
    [
        ((), (a_signal(),), "facility.matched"),
        ((a_signal(),), (), "facility.matched"),
        ((), (a_fact("qm_rating", "1"),), "facility.assessed"),
        ((), (a_change(),), "contact.changed"),
        ((a_signal(),), (a_signal(), a_fact("medicaid_share", "1")), "facility.assessed"),
        ((), (a_fact("staffing_rating", "2"), a_change()), "contact.changed"),  # 12 points against 5.6
    ],
)
def test_the_part_that_moved_most_names_the_cause(
    before: tuple[Part, ...], parts: tuple[Part, ...], cause: str
) -> None:
    aged = score(a_facility(*parts), YESTERDAY, MODEL)

    assert cause_of(stands(*before, days=-1), stands(*parts), aged, MODEL) == cause


def test_where_only_days_went_by_the_cause_is_time() -> None:
    parts = (a_signal(seen=days_ago(30)), a_fact("last_fine_on", str(days_ago(5))))
    aged = score(a_facility(*parts), TODAY, MODEL)

    assert cause_of(stands(*parts), stands(*parts, days=1), aged, MODEL) == "time"


def test_a_tier_alone_is_moved_by_a_calibration_and_a_new_pack_explains_itself() -> None:
    before = stands(a_signal())

    assert cause_of(before, replace(before, tier=1), None, MODEL) == "calibrate"
    assert cause_of(before, replace(before, pack="b", tier=1), None, MODEL) == "pack.published"
    assert cause_of(None, before, None, MODEL) == "facility.listed"
