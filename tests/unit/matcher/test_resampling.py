"""Is a blind judgment blind, and is precision computed correctly from it?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.resampling import Judged, Match, alternatives, judged, shown, wilson
from tests.unit.matcher.building import TRADE, a_facility

MATCH = Match("0123456789", "tern point", "albany", "NY", "335005", "Tern Point", "Albany", "NY", None, None, 3)
FACILITIES = [
    a_facility("335001", "Willow Bend", "Albany"),
    a_facility("335002", "Fern Hill", "Albany", listed=False),
    a_facility("335003", "Gorse Tern Lodge", "Utica"),
    a_facility("335004", "Larch Hill", "Utica"),
    a_facility("335005", "Tern Point Manor", "Albany"),
    a_facility("395001", "Tern Point", "Albany", "PA"),
]


def test_the_accepted_facility_is_listed_among_others_by_name() -> None:
    names = [each.name for each in alternatives(MATCH, FACILITIES, TRADE)]

    assert names == ["Gorse Tern Lodge", "Larch Hill", "Tern Point Manor", "Willow Bend"]


def test_facilities_of_the_city_and_similar_names_are_preferred_if_there_are_many() -> None:
    crowd = [a_facility(f"3351{n:02}", f"Quarry {n}", "Buffalo") for n in range(50)]

    found = {each.facility_id for each in alternatives(MATCH, [*crowd, *FACILITIES], TRADE)}

    assert {"335005", "335001", "335003"} <= found
    assert len(found) == 6


def test_the_list_does_not_reveal_which_facility_was_accepted() -> None:
    other = replace(MATCH, facility_id="335001", postings=9)
    one, another = shown(MATCH, FACILITIES, TRADE), shown(other, FACILITIES, TRADE)

    assert one == another


@pytest.mark.parametrize(
    "right, count, low, high",
    [(10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (95, 100, 0.8882, 0.9785), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_that_of_wilson(right: int, count: int, low: float, high: float) -> None:
    assert wilson(right, count) == pytest.approx((low, high), abs=0.0001)


@given(st.integers(1, 5_000), st.data())
def test_the_interval_contains_the_share_and_stays_between_zero_and_one(count: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, count))

    low, high = wilson(right, count)

    assert 0 <= low <= right / count + 1e-12
    assert right / count - 1e-12 <= high <= 1


def test_an_unsure_judgment_counts_neither_for_nor_against() -> None:
    assert judged(9, 1, 5) == Judged(15, 9, 5, 0.9, 0.5958, 0.9821)
    assert judged(0, 0, 2) == Judged(2, 0, 2, None, None, None)
