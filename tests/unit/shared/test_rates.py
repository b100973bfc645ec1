"""Does every caller get its rate, and no more?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.rates import MAX_CALLERS, Rates


def test_a_burst_is_served_and_then_a_steady_rate() -> None:
    rates = Rates(per_second=2, burst=3)

    assert [rates.take("board", 0) for _ in range(3)] == [0, 0, 0]
    assert rates.take("board", 0) == 0.5
    assert rates.take("board", 0.5) == 0
    assert rates.take("board", 0.5) == 0.5


def test_a_caller_over_its_limit_does_not_slow_another() -> None:
    rates = Rates(per_second=1, burst=1)

    rates.take("greedy", 0)

    assert rates.take("greedy", 0) > 0
    assert rates.take("modest", 0) == 0


def test_a_refused_request_costs_nothing_and_unused_rate_is_limited_to_the_burst() -> None:
    rates = Rates(per_second=1, burst=2)
    for _ in range(9):
        rates.take("board", 0)

    assert rates.take("board", 1) == 0
    assert [rates.take("board", 1_000) for _ in range(3)] == [0, 0, 1]


def test_a_request_has_a_cost_of_at_most_the_burst() -> None:
    rates = Rates(per_second=2, burst=10)

    assert rates.take("board", 0, cost=7.5) == 0
    assert rates.take("board", 0, cost=3.5) == 0.5
    assert rates.take("board", 0.5, cost=3.5) == 0
    assert rates.take("board", 0.5, cost=1_000) == 5
    assert rates.take("board", 5.5, cost=1_000) == 0
    assert rates.take("board", 5.5, cost=0.5) == 0.25


@given(st.lists(st.floats(0, 5), max_size=60), st.floats(0.1, 50), st.integers(1, 20))
def test_no_caller_gets_more_than_burst_and_rate_allow(gaps: list[float], per_second: float, burst: int) -> None:
    rates, now, served = Rates(per_second, burst), 0.0, 0
    for gap in gaps:
        now += gap
        wait = rates.take("board", now)
        served += not wait
        assert 0 <= wait <= 1 / per_second

    assert served <= burst + now * per_second + 1e-6


def test_the_number_of_remembered_callers_is_limited() -> None:
    rates = Rates(per_second=1, burst=1)

    for number in range(MAX_CALLERS + 5):
        rates.take(str(number), 0)

    assert len(rates._buckets) == MAX_CALLERS
    assert rates.take("0", 0) == pytest.approx(0)
