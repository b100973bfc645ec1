"""How long does a person wait after a wrong password, and how long does a session last?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.console.domain.waiting import delay_after, has_ended, seconds_left, sender_of

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_the_delay_grows_and_has_a_limit() -> None:
    assert [delay_after(count) for count in range(8)] == [0, 0, 1, 2, 4, 8, 16, 32]
    assert delay_after(1_000_000) == 300


def test_a_person_waits_for_the_rest_of_the_delay() -> None:
    assert seconds_left(5, NOW - timedelta(seconds=2.5), NOW) == 6
    assert seconds_left(5, NOW - timedelta(seconds=9), NOW) == 0
    assert seconds_left(0, None, NOW) == 0


@pytest.mark.parametrize(
    "begun, used, verified, ended",
    [
        (7.9, 7.9, True, False),
        (8, 8, True, True),
        (23.9, 0, True, False),
        (24, 0, True, True),
        (0.1, 0, False, False),
        (0.2, 0, False, True),
    ],
)
def test_a_session_ends_when_idle_after_a_day_or_without_its_code(
    begun: float, used: float, verified: bool, ended: bool
) -> None:
    begun_at, used_at = NOW - timedelta(hours=begun), NOW - timedelta(hours=used)

    assert has_ended(begun_at, used_at, NOW, verified=verified) is ended


def test_a_person_with_a_network_of_addresses_is_one_sender() -> None:
    assert sender_of("2001:db8:0:7::1") == sender_of("2001:db8:0:7:ffff::2") != sender_of("2001:db8:0:8::1")
    assert sender_of("203.0.113.7") == sender_of("::ffff:203.0.113.7") != sender_of("203.0.113.8")
    assert sender_of("testclient") == "testclient"
