"""Is the day of an instant that of the deployment's zone, at every hour, in every zone, when clocks change?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import end_of, instant_at, instant_of, local_date, local_text
from shared.operations.ticking import latest_occurrence
from shared.service import Daily

ZONES = (
    "America/New_York",
    "Pacific/Kiritimati",  # where a day begins first, 14 hours ahead of UTC
    "Pacific/Honolulu",  # one of the last, 10 hours behind
    "Asia/Kathmandu",  # an offset with a quarter of an hour
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "America/Santiago",  # its clocks change at midnight: a day without 00:00
    "America/Havana",  # its clocks change at midnight: a day with 00:00 twice
    "UTC",
)
DAYS_OF_CHANGE = ("2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04", "2026-09-06", "2026-07-01", "2026-12-31")

seconds = st.integers(0, 16 * 365 * 86_400)
instants = seconds.map(lambda passed: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=passed))
zones = st.sampled_from(ZONES)


async def nothing(_: object) -> None: ...


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS_OF_CHANGE)
def test_every_hour_of_a_day_belongs_to_that_day_in_every_zone(day: str, zone: str) -> None:
    wanted = date.fromisoformat(day)
    instant, end = instant_at(wanted, time.min, zone), end_of(wanted, zone)

    assert local_date(instant - timedelta(microseconds=1), zone) == wanted - timedelta(days=1)
    while instant < end:
        assert local_date(instant, zone) == wanted
        instant += timedelta(minutes=15)
    assert local_date(end, zone) == wanted + timedelta(days=1)


@pytest.mark.parametrize(
    "instant, zone, day",
    [
        ("2026-07-02T00:30:00Z", "America/New_York", "2026-07-01"),  # 20:30: after midnight in UTC
        ("2026-07-01T03:59:59Z", "America/New_York", "2026-06-30"),
        ("2026-07-01T04:00:00Z", "America/New_York", "2026-07-01"),
        ("2026-12-01T04:59:59Z", "America/New_York", "2026-11-30"),
        ("2026-07-01T10:00:00Z", "Pacific/Kiritimati", "2026-07-02"),
        ("2026-07-01T09:59:59Z", "Pacific/Honolulu", "2026-06-30"),
        ("2026-07-01T23:30:00-10:00", "Pacific/Kiritimati", "2026-07-02"),
    ],
)
def test_the_day_of_an_instant_may_differ_from_the_day_in_its_text(instant: str, zone: str, day: str) -> None:
    assert local_date(datetime.fromisoformat(instant), zone) == date.fromisoformat(day)


@given(instants, zones)
def test_an_instant_lies_between_the_start_and_the_end_of_its_day(instant: datetime, zone: str) -> None:
    day = local_date(instant, zone)

    assert instant_at(day, time.min, zone) <= instant < end_of(day, zone)


@given(instants, zones, st.sampled_from(ZONES))
def test_the_zone_in_which_an_instant_is_written_does_not_matter(instant: datetime, zone: str, written: str) -> None:
    assert local_date(instant.astimezone(ZoneInfo(written)), zone) == local_date(instant, zone)


@given(instants, zones)
def test_a_text_for_people_begins_with_the_day(instant: datetime, zone: str) -> None:
    assert local_text(instant, zone).startswith(f"{local_date(instant, zone)} ")


@given(instants, zones, st.times())
def test_a_job_was_last_due_within_a_day_before_now(instant: datetime, zone: str, at: time) -> None:
    due = latest_occurrence(Daily("job", at, nothing), instant, zone)

    assert due <= instant
    assert instant - due <= timedelta(hours=25)
    assert due == instant_at(local_date(due, zone), at, zone) or due.astimezone(ZoneInfo(zone)).time() != at


@given(instants, zones)
def test_a_time_without_a_zone_is_in_the_deployments_zone(instant: datetime, zone: str) -> None:
    wall = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert local_date(instant_of(wall, zone), zone) == local_date(instant, zone)
    assert instant_of(instant, zone) == instant


def test_a_time_without_a_zone_is_refused_as_an_instant() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        local_date(datetime(2026, 7, 1, 12), "America/New_York")  # noqa: DTZ001 - the error under test
