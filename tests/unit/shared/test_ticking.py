"""When was a daily job last due?"""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.operations.ticking import latest_occurrence
from shared.service import Daily

ZONE = "America/New_York"


async def nothing(_: object) -> None: ...


@pytest.mark.parametrize(
    "now, due",
    [
        ("2026-07-02T05:59", "2026-07-01T06:00"),
        ("2026-07-02T06:00", "2026-07-02T06:00"),
        ("2026-07-02T23:59", "2026-07-02T06:00"),
        ("2026-03-08T07:00", "2026-03-08T06:00"),  # the clocks went forward that night
        ("2026-11-01T05:00", "2026-10-31T06:00"),  # the clocks went back that night
    ],
)
def test_a_job_was_due_at_its_local_time_today_or_yesterday(now: str, due: str) -> None:
    zone = ZoneInfo(ZONE)
    job = Daily("job", time(6), nothing)

    found = latest_occurrence(job, datetime.fromisoformat(now).replace(tzinfo=zone), ZONE)

    assert found == datetime.fromisoformat(due).replace(tzinfo=zone)
