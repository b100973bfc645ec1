"""Is a score the exact sum that the requirements define?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.scoring.formula import score
from engines.scoring.inputs import ContactChange, Fact, Signal
from tests.unit.scorer.building import (
    MODEL,
    TODAY,
    a_change,
    a_facility,
    a_fact,
    a_signal,
    days_ago,
    quarters,
    scored,
)

D = Decimal
Part = Signal | Fact | ContactChange
EVERY_FACT: tuple[Part, ...] = (
    a_fact("qm_rating", "1"),
    a_fact("staffing_rating", "1"),
    a_fact("last_fine_on", str(days_ago(10))),
    a_change("don", days_ago(10)),
)
ANOMALY = quarters("10", "11", "10", "11", "50")
FULL_SHARE = a_fact("medicaid_share", "1")


@pytest.mark.parametrize(
    "what,parts,expected",
    [
        ("without a posting, at most", (*EVERY_FACT, *ANOMALY, FULL_SHARE), "69.1"),
        ("without a posting and the MDS volume, at most", (*EVERY_FACT, FULL_SHARE), "62.6"),
        ("a posting alone", (a_signal(urgency=4),), "36.0"),
        ("a posting with the full multiplier", (a_signal(urgency=4), FULL_SHARE), "38.9"),
        ("a plain MDS posting", (a_signal(urgency=1),), "25.2"),
        ("all factors, capped", (a_signal(urgency=4), *EVERY_FACT, *ANOMALY, FULL_SHARE), "100.0"),
        ("no factor", (), "0.0"),
    ],
)
def test_scores_equal_the_examples_of_section_0(what: str, parts: tuple, expected: str) -> None:  # type: ignore[type-arg]
    assert scored(*parts).score == D(expected), what


@pytest.mark.parametrize(
    "share,state,multiplier",
    [
        ("0.5", "NY", "1.04"),
        ("0.7251", "NY", "1.058008"),
        ("1", "NJ", "1"),
        (None, "NY", "1"),
        ("1.7", "NY", "1.08"),
    ],
)
def test_the_medicaid_share_multiplies_in_new_york_only_r31(share: str | None, state: str, multiplier: str) -> None:
    found = scored(a_fact("medicaid_share", share), a_signal(urgency=4), state=state)

    assert found.multiplier == D(multiplier)


def test_a_score_is_rounded_half_to_even_on_the_exact_value_r22() -> None:
    twenty_points = a_fact("qm_rating", "1")

    assert scored(twenty_points, a_fact("medicaid_share", "0.03125")).score == D("20.0")  # 20.05
    assert scored(twenty_points, a_fact("medicaid_share", "0.09375")).score == D("20.2")  # 20.15
    assert scored(twenty_points, a_fact("medicaid_share", "0.031250000000000000001")).score == D("20.1")


def test_the_lines_add_up_to_the_score() -> None:
    found = scored(a_signal(), *EVERY_FACT, *ANOMALY, a_fact("medicaid_share", "0.4"))

    assert sum(one.points for one in found.breakdown) * found.multiplier == D("92.0544")
    assert all(one.points == 100 * one.weight * one.value for one in found.breakdown)


DATES = st.integers(-40, 500).map(days_ago)
STARS = st.sampled_from(["1", "2", "3", "4", "5", None])
SIGNALS = st.builds(
    a_signal,
    st.sampled_from(["mds_coordinator", "pdpm_rac", "chart_review", "qm", "other"]),
    st.integers(0, 4),
    st.integers(0, 50).map(days_ago),
    st.sampled_from([30, 45]),
    st.integers(1, 3),
)
PARTS = st.lists(
    st.one_of(
        SIGNALS,
        st.builds(a_fact, st.sampled_from(["qm_rating", "staffing_rating"]), STARS, DATES),
        st.builds(
            a_fact,
            st.sampled_from(["last_f641_on", "last_fine_on", "administrator_changed_on"]),
            DATES.map(str) | st.none(),
            DATES,
        ),
        st.builds(a_fact, st.just("medicaid_share"), st.decimals(0, 1, places=4).map(str), DATES),
        st.builds(a_change, st.sampled_from(["don", "administrator", "regional"]), DATES),
    ),
    max_size=12,
    unique_by=lambda part: (getattr(part, "field", part), getattr(part, "as_of", None)),
)


@settings(deadline=None)
@given(PARTS, st.integers(0, 60))
def test_a_score_is_between_0_and_100_and_equals_an_independent_computation(parts: list, later: int) -> None:  # type: ignore[type-arg]
    on = TODAY + timedelta(days=later)
    facility = a_facility(*parts)

    found = score(facility, on, MODEL)

    assert 0 <= found.score <= 100
    assert found.score == _by_hand(parts, on)


def _by_hand(parts: list, on: date) -> Decimal:  # type: ignore[type-arg]
    """The formula of requirements 2b, computed with fractions and without the grammar."""
    role = {"mds_coordinator": 100, "pdpm_rac": 85, "chart_review": 70, "qm": 50}
    facts: dict[str, str | None] = {}
    for part in sorted((p for p in parts if hasattr(p, "field")), key=lambda p: p.as_of):
        if part.as_of <= on:
            facts[part.field] = part.value
    open_ones = [p for p in parts if hasattr(p, "urgency") and p.expires_on >= on and p.role_family in role]
    total = max((Fraction(36 * role[s.role_family] * (6 + s.urgency), 1000) for s in open_ones), default=Fraction(0))
    for field, weight in (("qm_rating", 20), ("staffing_rating", 8)):
        total += {"1": Fraction(weight), "2": Fraction(weight * 7, 10)}.get(facts.get(field) or "", Fraction(0))
    events = [date.fromisoformat(v) for f in ("last_f641_on", "last_fine_on") if (v := facts.get(f))]
    ages = [(on - day).days for day in events if day <= on]
    if ages:
        total += Fraction(18) if min(ages) < 180 else Fraction(72, 10) if min(ages) <= 365 else 0
    turned = [p.changed_on for p in parts if hasattr(p, "changed_on") and p.role in ("don", "administrator")]
    turned += [date.fromisoformat(v)] if (v := facts.get("administrator_changed_on")) else []
    total += 12 if any(0 <= (on - day).days < 90 for day in turned) else 0
    exact = min(Fraction(100), total * (1 + Fraction(facts.get("medicaid_share") or "0") * Fraction(8, 100)))
    return Decimal(round(exact * 10)) / 10


@given(PARTS)
def test_a_score_does_not_change_between_two_rechecks(parts: list) -> None:  # type: ignore[type-arg]
    facility = a_facility(*parts)
    on = TODAY
    found = score(facility, on, MODEL)
    for _ in range(120):
        on += timedelta(days=1)
        later = score(facility, on, MODEL)
        if found.recheck_on is None or on < found.recheck_on:
            assert later == found
        else:
            found = later
