"""Does a registry of several days list the facilities of its newest day only?"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.files.importing import import_table
from shared.contracts.events import FacilityListed
from shared.contracts.ingest import ImportFacilities
from tests.support.running import Running

NAMES = ["Willow Bend", "Tern Point", "Gorse Hill", "Heron Lodge"]


@pytest.fixture
def snapshots(tmp_path: Path) -> Path:
    rows = [f"2026-02-16,33500{n},{name} of Old,Albany,NY" for n, name in enumerate(NAMES)]
    rows += [f"2026-07-29,33500{n},{name},Albany,NY" for n, name in enumerate(NAMES[:3])]
    path = tmp_path / "snapshots.csv"
    path.write_text("snapshot,ccn,name,city,state\n" + "\n".join(rows) + "\n")
    return path


async def test_the_newest_day_of_a_registry_is_imported_and_no_row_is_rejected(
    ingest: Running, snapshots: Path
) -> None:
    report = await import_table(ingest.cli, ImportFacilities, snapshots, {"complete": "NY"}, lambda _: None)

    listed = {event.facility_id: event.name for event in await ingest.published(FacilityListed)}
    assert listed == {f"33500{n}": name for n, name in enumerate(NAMES[:3])}
    assert (report.rows, report.rejects) == (7, [])
    assert (report.counts["imported"], report.counts["skipped_earlier_day"]) == (3, 4)
    assert "`pipeline import aliases snapshots.csv` imports the names" in " ".join(report.remarks)
