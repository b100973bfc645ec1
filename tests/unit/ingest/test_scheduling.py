"""Is a source due when its schedule states it, and later if it fails or its host asks for patience?"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.domain.scheduling import (
    CIRCUIT,
    LONGEST_WAIT,
    Schedule,
    after_failure,
    next_due,
    retry_after,
)

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NONE = timedelta()


def instant_at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


def due(schedule: Schedule, name: str, now: datetime = NOW) -> datetime:
    return next_due(schedule, name, now, now.astimezone(NEW_YORK).date(), instant_at)


def test_a_daily_source_is_due_once_a_day_within_its_jitter_at_local_time() -> None:
    days = [due(Schedule(), "maple")]
    for _ in range(200):  # the clocks go back within this time
        days.append(due(Schedule(), "maple", days[-1]))
    local = [each.astimezone(NEW_YORK) for each in days]

    assert [each.date() - local[0].date() for each in local] == [timedelta(days=n) for n in range(201)]
    assert {each.time() for each in local} == {local[0].time()}
    assert time(5) <= local[0].time() < time(5, 30)


def test_sources_are_spread_over_the_jitter_by_their_names() -> None:
    minutes = {due(Schedule(), f"source {number}").minute // 10 for number in range(50)}

    assert minutes == {0, 1, 2}


def test_a_source_may_be_due_several_times_a_day_or_every_few_days() -> None:
    often = [due(Schedule(every="6h", jitter="0"), "maple")]
    seldom = [due(Schedule(every="3d", jitter="0"), "maple")]
    for _ in range(8):
        often.append(due(Schedule(every="6h", jitter="0"), "maple", often[-1]))
        seldom.append(due(Schedule(every="3d", jitter="0"), "maple", seldom[-1]))

    assert {after - before for before, after in itertools.pairwise(often)} == {timedelta(hours=6)}
    assert {after - before for before, after in itertools.pairwise(seldom)} == {timedelta(days=3)}


@given(
    st.sampled_from(["10m", "45m", "1h", "7h", "1d", "2d", "31d"]),
    st.sampled_from(["0", "30m", "1d"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  in UTC, as the next line states
    st.text(max_size=20),
)
@settings(deadline=None)
def test_a_source_is_always_due_later_than_now_and_soon_enough(
    every: str, jitter: str, naive: datetime, name: str
) -> None:
    schedule, now = Schedule(every=every, jitter=jitter), naive.replace(tzinfo=UTC)

    found = due(schedule, name, now)

    assert now < found <= now + max(schedule.interval, timedelta(days=1)) + schedule.spread + timedelta(hours=1)


def test_a_source_that_fails_is_tried_again_later_and_later_then_only_on_its_schedule() -> None:
    scheduled = NOW + timedelta(hours=20)
    waits = [after_failure(number, "maple", NOW, scheduled, NONE) - NOW for number in range(1, CIRCUIT + 3)]

    assert waits == sorted(waits)
    assert timedelta(seconds=50) < waits[0] < timedelta(seconds=70)
    assert waits[CIRCUIT - 1 :] == [timedelta(hours=20)] * 3


@pytest.mark.parametrize("failures", [1, CIRCUIT])
def test_a_host_that_asks_for_patience_gets_it(failures: int) -> None:
    wanted = timedelta(hours=30)

    assert after_failure(failures, "maple", NOW, NOW + timedelta(hours=20), wanted) == NOW + wanted


@pytest.mark.parametrize(
    "value, wait",
    [
        ("120", timedelta(minutes=2)),
        ("Wed, 01 Jul 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Wed, 01 Jul 2026 11:00:00 GMT", NONE),
        ("99999999999999", LONGEST_WAIT),
        ("-5", NONE),
        ("١٢", NONE),
        ("soon", NONE),
        ("Wed, 01 Jul 99999 12:10:00 GMT", NONE),
        (None, NONE),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_and_bounded(value: str | None, wait: timedelta) -> None:
    assert retry_after(value, NOW) == wait


@pytest.mark.parametrize(
    "fields",
    [
        {"every": "1s"},
        {"every": "32d"},
        {"every": "36h"},
        {"at": "5:00"},
        {"at": "24:00"},
        {"jitter": "2d"},
        {"per_second": 0.0},
        {"per_second": float("nan")},
        {"per_second": 1e9},
    ],
)
def test_a_schedule_that_cannot_be_meant_is_refused_with_what_was_written(fields: dict[str, str | float]) -> None:
    [written] = fields.values()

    with pytest.raises(ValueError, match=re.escape(str(written))):
        Schedule(**fields)  # type: ignore[arg-type]
