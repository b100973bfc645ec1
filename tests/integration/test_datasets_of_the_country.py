"""Do the registries and quality files of the country arrive with the facts that they have when imported by hand?"""

from __future__ import annotations

import asyncio
import csv
import gzip
import os
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.files.importing import import_table
from shared.contracts.ingest import FileChunk, ImportFacilities, ImportQuality
from shared.contracts.ingest_datasets import Datasets
from tests.integration.test_datasets import tables
from tests.support.catalogue import catalogue
from tests.support.reference import CMS, needs_reference_data
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

QUALITY = {
    "penalties": "penalties_feb2026.csv.gz",
    "deficiencies": "health_deficiencies_feb2026_40states_noNY.csv.gz",
    "quality-measures": "quality_measures_feb2026.csv.gz",
    "ownership": "facility_quality_feb2026.csv.gz",
}
"""Each file by a dataset that is imported in the same way."""
FIRST = date(2026, 7, 2)
CHECKS = {"least_rows": 12_000, "rows_changed": 0.05, "facilities_missing": 0.05, "facilities_changed": 0.2}

pytestmark = [
    needs_reference_data,
    pytest.mark.skipif(os.environ.get("LONG") != "1", reason="takes minutes: LONG=1 make test TESTS=THIS_FILE"),
]


def snapshots(folder: Path) -> list[tuple[date, Path]]:
    """The registry of each month in a file of its own."""
    rows: dict[str, list[list[str]]] = defaultdict(list)
    with gzip.open(CMS / "registry_monthly_snapshots_2026.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    for row in found:
        rows[row[0]].append(row)
    return [(date.fromisoformat(day), written(folder / f"{day}.csv", [header, *rows[day]])) for day in sorted(rows)]


def written(path: Path, rows: Iterable[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


async def polled(ingest: Running, day: date, changed: int) -> None:
    """Let a day's polls pass, in which so many datasets have changed."""
    await ingest.set_clock(datetime.combine(day, time(12), ZoneInfo(ingest.app.clock.timezone)))
    async with asyncio.timeout(900):
        while True:
            done = await ingest.sql(
                "SELECT 1 FROM vintages WHERE modified = %(day)s AND state IN ('imported', 'waiting')", day=str(day)
            )
            if len(done) == changed:
                return await ingest.idle()
            await asyncio.sleep(1)


async def by_hand(ingest: Running, kind: type[FileChunk], path: Path, **options: str) -> None:
    await import_table(ingest.cli, kind, path, options, lambda _: None)


@pytest.mark.timeout(1_800)
async def test_five_registries_and_the_quality_files_end_in_the_same_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: TestServers
) -> None:
    months = snapshots(tmp_path)
    quality = {name: CMS / file for name, file in QUALITY.items()}
    days = [date(2026, 7 + number, 2) for number in range(len(months))]

    with catalogue(tmp_path, monkeypatch, FIRST, CHECKS) as published:
        async with run_service("ingest", servers) as ingest:
            for number, (day, (_, registry)) in enumerate(zip(days, months, strict=True)):
                published.offer(day, {"provider-information": registry, **(quality if number == 1 else {})})
                await polled(ingest, day, len(quality) + 1 if number == 1 else 1)
            fetched = await tables(ingest)
            latest = {each.name: each.vintage for each in await ingest.ask(Datasets()) if each.vintage}
            imported = await ingest.sql("SELECT dataset, state, count(*) AS n FROM vintages GROUP BY 1, 2 ORDER BY 1")
        published.offer(FIRST, {})
        async with run_service("ingest", servers) as ingest:
            for number, (day, (_, registry)) in enumerate(zip(days, months, strict=True)):
                await ingest.at(f"{day}T12:00")
                await by_hand(ingest, ImportFacilities, registry, complete="US")
                for path in quality.values() if number == 1 else ():
                    await by_hand(ingest, ImportQuality, path, as_of=str(day))
            expected = await tables(ingest)

    assert {name: vintage.reasons for name, vintage in latest.items() if vintage.reasons} == {}
    assert [(row["dataset"], row["state"], row["n"]) for row in imported] == [
        *((name, "imported", 1) for name in sorted({*quality} - {"quality-measures"})),
        ("provider-information", "imported", 5),
        ("quality-measures", "imported", 1),
    ]
    assert len(fetched["facilities"]) > 14_500
    assert len(fetched["facility_facts"]) > 100_000
    assert fetched["facilities"] == expected["facilities"]
    assert fetched["facility_facts"] == expected["facility_facts"]
