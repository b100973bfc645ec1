"""Are people whom a roster of facilities names known afterwards, and what is still missing?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cli.files.importing import import_rows
from shared.contracts.events import EnrollmentBlocked
from shared.contracts.sequencer import Contacts, ImportContacts, Worklist
from tests.support.reference import DATA
from tests.support.running import Running
from tests.support.sequencing import listed, scored

CCN = "335001"
URL = "https://www.example.org/roster.csv"
ROSTER = """Facility,Medicare No,Phone,Administrator,Director of Nursing,Date Parsed
OAK HOME,335001,(518) 555-0100,"MOSS, ADA, LNHA",,2026-06-16
ELM HOME,335002,(518) 555-0101,VACANT,,2026-06-16
ASH HOME,,(518) 555-0102,JO FERN,,2026-06-16
"""


async def test_a_roster_is_taken_as_it_is_and_the_gate_asks_for_the_number(  # R47
    sequencer: Running, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER)

    report = await import_rows(
        sequencer.cli, ImportContacts, tmp_path / "roster.csv", lambda _: None, {"source_url": URL}
    )
    await sequencer.receive(listed(CCN), scored(CCN, 1))
    await sequencer.at("2026-07-02T06:00")

    assert [(each.line, each.reason) for each in report.rejects] == [
        (4, "ccn is missing: role 'administrator' belongs to a facility")
    ]
    [row] = await sequencer.ask(Contacts(facility_id=CCN))
    assert (row.name, row.direct_phone, row.source, row.source_url) == ("MOSS, ADA, LNHA", None, "www.example.org", URL)
    [blocked] = await sequencer.published(EnrollmentBlocked)
    assert blocked.missing == ("direct phone of the Administrator", "direct phone of the DON")
    [research] = await sequencer.ask(Worklist())
    assert "Find the Administrator's direct phone (MOSS, ADA, LNHA)" in research.reason


ROSTERS = sorted((DATA / "contacts" / "nebraska-hospitals").glob("*.csv"))


@pytest.mark.skipif(not ROSTERS, reason="needs the reference data in ../shared/data")
async def test_real_rosters_name_administrators_with_their_day(sequencer: Running) -> None:
    for path in ROSTERS:
        with path.open(encoding="utf-8", newline="") as file:
            named = [row for row in csv.DictReader(file) if row["administrator"].strip()]
        keyed = [row for row in named if len(row["medicare_no"].strip()) == 6]

        report = await import_rows(sequencer.cli, ImportContacts, path, lambda _: None, {"source_url": URL})

        found = await sequencer.ask(Contacts(facility_id=keyed[0]["medicare_no"]))
        assert keyed[0]["administrator"] in {each.name for each in found}
        assert len(report.rejects) == len(named) - len(keyed)
        assert {each.reason for each in report.rejects} == {
            "ccn is missing: role 'administrator' belongs to a facility"
        }
