"""Are instants printed in the deployment's time zone, and other texts unchanged?"""

from __future__ import annotations

import pytest

from cli.client import clock as when


@pytest.mark.parametrize(
    "instant, zone, expected",
    [
        ("2026-07-02T00:30:00+00:00", "America/New_York", "2026-07-01 20:30:00 EDT"),
        ("2026-07-02T00:30:00Z", "Pacific/Kiritimati", "2026-07-02 14:30:00 +14"),
        ("2026-11-01T05:30:00Z", "America/New_York", "2026-11-01 01:30:00 EDT"),  # one hour, twice that night
        ("2026-11-01T06:30:00Z", "America/New_York", "2026-11-01 01:30:00 EST"),
        ("2026-07-02T00:30:00", "America/New_York", "2026-07-02T00:30:00"),
        ("9999-12-31T23:59:59Z", "Pacific/Kiritimati", "9999-12-31T23:59:59Z"),
        ("\x1b[31m", "America/New_York", "\x1b[31m"),
        ("", "America/New_York", ""),
        (None, "America/New_York", ""),
    ],
)
def test_an_instant_is_printed_in_the_deployments_time_zone(instant: str | None, zone: str, expected: str) -> None:
    assert when.shown(instant, zone) == expected
