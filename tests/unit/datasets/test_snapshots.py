"""Is a registry of several days distinguished from one with a repeated row or a mistyped date?"""

from __future__ import annotations

from datetime import date

import pytest

from engines.datasets.facts import Headings
from engines.datasets.registry import layout_of
from engines.datasets.snapshots import earlier_days
from engines.packs import section

HEADER = ["snapshot", "ccn", "name", "city", "state"]
CCNS = [f"33500{n}" for n in range(6)]


def earlier(*rows: tuple[str, str], header: list[str] = HEADER) -> dict[str, date]:
    layout = layout_of(section("fields", Headings), header)
    return earlier_days(
        layout, [[day, facility_id, "Willow Bend", "Albany", "NY"][-len(header) :] for day, facility_id in rows]
    )


def of(day: str, facility_ids: list[str] = CCNS) -> list[tuple[str, str]]:
    return [(day, facility_id) for facility_id in facility_ids]


@pytest.mark.parametrize("last", ["2026-07-29", "07/29/2026"])
def test_all_days_but_the_newest_are_earlier_snapshots(last: str) -> None:
    found = earlier(*of(last, CCNS[:5]), *of("2026-02-16"), *of("2026-03-27"))

    assert found == {"2026-02-16": date(2026, 2, 16), "2026-03-27": date(2026, 3, 27)}


@pytest.mark.parametrize(
    "rows",
    [
        of("2026-07-29"),
        [*of("2026-07-29"), ("2027-07-29", "335000")],
        [*of("2026-07-29", CCNS[:3]), *of("2026-02-16", CCNS[3:])],
        [*of("2026-07-29"), *of("soon")],
        [*of("2026-07-29"), *of("2026-07-29")],
        [],
    ],
)
def test_one_day_repeated_rows_and_mistyped_dates_are_not_snapshots(rows: list[tuple[str, str]]) -> None:
    assert earlier(*rows) == {}
