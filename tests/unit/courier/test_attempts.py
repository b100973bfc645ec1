"""When is a delivery tried again, and when does a receiver rest?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.courier.domain.attempts import DEAD, DELAYS, PATIENCE, Health, Outcome, error_of, next_attempt, wait_of
from services.courier.domain.webhooks import patterns_of
from shared.contracts.topology import named_by

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def outcomes(*delivered: bool) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(n, NOW, 5, 200 if each else 500, error=None if each else "No.") for n, each in enumerate(delivered)
    )


def test_attempts_follow_the_schedule_of_standard_webhooks_over_three_days() -> None:
    total = timedelta()
    for attempts, delay in enumerate(DELAYS, start=1):
        due = next_attempt("crm 7", attempts, NOW)
        assert due is not None
        assert 0.8 * delay <= due - NOW <= 1.2 * delay
        total += delay
    assert timedelta(days=3) < total < timedelta(days=4)
    assert next_attempt("crm 7", len(DELAYS) + 1, NOW) is None


def test_deliveries_that_fail_together_are_not_due_together() -> None:
    assert len({next_attempt(f"crm {n}", 2, NOW) for n in range(100)}) > 90


@pytest.mark.parametrize(
    "status, fails", [(200, False), (204, False), (299, False), (302, True), (404, True), (500, True)]
)
def test_only_2xx_is_a_success(status: int, fails: bool) -> None:
    assert (error_of(status) is not None) is fails


@pytest.mark.parametrize(
    "status, stated, seconds",
    [
        (429, "120", 120),
        (503, "Wed, 01 Jul 2026 12:05:00 GMT", 300),
        (429, "Wed, 01 Jul 2026 11:00:00 GMT", 0),
        (429, "99999999999999999999", 86_400),
        (429, "soon", 0),
        (429, "-5", 0),
        (500, "120", 0),
        (200, "120", 0),
    ],
)
def test_a_receiver_is_left_alone_as_long_as_it_asks_for_within_reason(
    status: int, stated: str, seconds: float
) -> None:
    assert wait_of(status, {"retry-after": stated}, NOW).total_seconds() == seconds


def test_a_receiver_rests_after_failures_in_a_row_and_is_well_after_a_success() -> None:
    health = Health().after(outcomes(*[False] * (DEAD - 1)), NOW)
    assert not health.is_dead
    health = health.after(outcomes(False), NOW)
    assert health.is_dead
    assert health.rest_until
    assert health.rest_until > NOW
    longer = health.after(outcomes(False), NOW)
    assert longer.rest_until
    assert longer.rest_until > health.rest_until
    assert longer.after(outcomes(False, True), NOW) == Health()


def test_a_receiver_is_lost_only_after_days_without_any_success() -> None:
    health = Health().after(outcomes(*[False] * DEAD), NOW)
    assert not health.has_lost(NOW + PATIENCE - timedelta(seconds=1))
    assert health.has_lost(NOW + PATIENCE)
    assert not health.after(outcomes(True), NOW).has_lost(NOW + 9 * PATIENCE)


def test_types_may_be_all_of_a_kind() -> None:
    known = ["lead.raised", "lead.moved", "score.changed"]
    assert named_by(["lead.*"], known) == ["lead.raised", "lead.moved"]
    assert named_by(["*"], known) == known
    assert named_by(["score.changed"], known) == ["score.changed"]
    assert named_by(["lead", "lead.raise", "leads.*"], known) == []
    assert patterns_of(["*", "lead.*", "address_suppression.changed"]) == [
        "%",
        "lead.%",
        r"address\_suppression.changed",
    ]
