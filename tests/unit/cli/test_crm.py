"""Does the command line write what a CRM imports, and show what one would be sent, from a file alone?"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

ROOT = Path(__file__).parents[3]
WORKSHOPS = """Permit,Workshop,Town,State,Stands,Inspection
BK-0001,=Larkspur Wheelworks,Troy,NY,4,1
BK-0002,Alder Cycles,Troy,NY,9,5
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests/fixtures/packs/toy", tmp_path / "toy")
    shutil.copy(ROOT / "packs/basic/crm.yaml", tmp_path / "toy")
    (tmp_path / "workshops.csv").write_text(WORKSHOPS)
    return tmp_path / "toy"


def run(pack: Path, *arguments: str, code: int = 0) -> str:
    file = str(pack.parent / "workshops.csv")
    words = ["crm", arguments[0], file, "--pack", str(pack), "--as-of", "2026-07-01", *arguments[1:]]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return done.output


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def test_accounts_are_written_as_both_systems_import_them(pack: Path) -> None:
    printed = run(pack, "files", "--out", str(pack.parent))

    hubspot, salesforce = rows(pack.parent / "hubspot-companies.csv"), rows(pack.parent / "salesforce-accounts.csv")
    assert [(each["fp_facility_id"], each["Name"]) for each in hubspot] == [
        ("BK-0001", "'=Larkspur Wheelworks"), ("BK-0002", "Alder Cycles"),
    ]  # fmt: skip
    assert [(each["FP_Facility_Id__c"], each["FP_Tier__c"]) for each in salesforce] == [
        (each["fp_facility_id"], each["fp_tier"]) for each in hubspot
    ]
    assert "2 accounts written to" in printed
    assert not (pack.parent / "hubspot-contacts.csv").exists()


def test_a_dry_run_shows_records_and_the_workload_of_owners_and_sends_nothing(pack: Path) -> None:
    printed = run(pack, "dry-run", "--out", str(pack.parent / "salesforce.csv"))
    assert "Workload by owner" in printed
    assert "2 records simulated; nothing was sent." in printed
    assert len(rows(pack.parent / "salesforce.csv")) == 2

    found = json.loads(run(pack, "dry-run", "--json"))
    assert found["owners"]["no owner"]["accounts"] == 2
    assert {each["attributes"]["type"] for each in found["records"]} == {"Account"}
    assert {each["FP_Facility_Id__c"] for each in found["records"]} == {"BK-0001", "BK-0002"}


def test_a_pack_without_a_field_map_is_refused_in_a_sentence(pack: Path) -> None:
    (pack / "crm.yaml").unlink()

    assert "has no crm.yaml" in run(pack, "dry-run", code=2)
