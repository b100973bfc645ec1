"""Are changed scores published, with a cause that does not depend on the order of events?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engines.scoring.formula import score
from engines.scoring.inputs import ContactChange, Fact, Signal
from engines.scoring.score_state import ScoreState, cause_of, must_publish, score_state
from tests.unit.scorer.building import MODEL, TODAY, a_change, a_facility, a_fact, a_signal, days_ago, scored

YESTERDAY = days_ago(1)
Part = Signal | Fact | ContactChange


def a_state(*parts: Part, tier: int = 3, pack: str = "a", days: int = 0) -> ScoreState:
    return score_state("335001", scored(*parts, on=TODAY + timedelta(days=days)), tier, pack)


def test_a_first_score_is_published_even_if_it_is_zero() -> None:
    assert must_publish(None, a_state(), MODEL)


def test_a_new_file_with_the_same_facts_publishes_nothing() -> None:
    old, new = (a_fact("qm_rating", "1", days_ago(days)) for days in (40, 10))

    assert a_state(old) != a_state(old, new)
    assert not must_publish(a_state(old), a_state(old, new), MODEL)


@pytest.mark.parametrize(
    "now",
    [
        a_state(a_signal(urgency=2)),
        a_state(a_signal(), tier=1),
        a_state(a_signal(seen=days_ago(1))),  # the score is the same, the order among equals is not
        a_state(a_signal(), a_signal("qm", 0)),  # one more reason to call
        a_state(a_signal(), a_fact("qm_rating", "2")),
        a_state(a_signal(), a_fact("medicaid_share", "0.001")),
    ],
)
def test_a_change_of_numbers_or_of_open_postings_is_published(now: ScoreState) -> None:
    assert must_publish(a_state(a_signal()), now, MODEL)


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
def test_the_part_with_the_largest_change_determines_the_cause(
    before: tuple[Part, ...], parts: tuple[Part, ...], cause: str
) -> None:
    aged = score(a_facility(*parts), YESTERDAY, MODEL)

    assert cause_of(a_state(*before, days=-1), a_state(*parts), aged, MODEL) == cause


def test_the_cause_is_time_if_only_days_have_passed() -> None:
    parts = (a_signal(seen=days_ago(30)), a_fact("last_fine_on", str(days_ago(5))))
    aged = score(a_facility(*parts), TODAY, MODEL)

    assert cause_of(a_state(*parts), a_state(*parts, days=1), aged, MODEL) == "time"


def test_a_change_of_the_tier_only_comes_from_a_calibration_or_a_new_pack() -> None:
    before = a_state(a_signal())

    assert cause_of(before, replace(before, tier=1), None, MODEL) == "calibrate"
    assert cause_of(before, replace(before, pack="b", tier=1), None, MODEL) == "pack.published"
    assert cause_of(None, before, None, MODEL) == "facility.listed"
