"""Does the command line write what a CRM imports, and show what one would be sent, from a file alone?"""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.files.accounts import Accounts
from cli.files.crm_records import companies
from cli.main import app
from cli.printing.crm import workloads
from engines.drafting.accounts import Account, Line
from engines.drafting.outreach import Outreach
from engines.packs import section_of
from engines.reports.rows import Words

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


def test_a_record_states_the_best_reasons_the_owner_and_what_is_due() -> None:
    lines = [Line(name, name.capitalize(), f"{name} counts", Decimal(points), known, weightless=False)
             for name, points, known in (("low", 1, True), ("best", 9, True), ("unknown", 8, False), ("mid", 5, True),
                                         ("none", 0, True), ("third", 3, True))]  # fmt: skip
    lines.append(Line("phone", "Phone", "+15185550100", Decimal(0), known=True, weightless=True))
    one = Account("f1", "Birch", "Troy", "NY", 1, Decimal("87.50"), tuple(lines))
    late = {"owner": "ann", "sla_label": "Breached", "sla_action": "Call today", "next_follow_up_on": "2026-12-01"}
    words = Words(section_of(ROOT / "tests/fixtures/packs/toy", "outreach", Outreach), {}, date(2026, 11, 2))

    found = companies(Accounts(words, [one], {"f1": late}), {"ann": "ann@ours.example"})

    assert {name: value for name, value in found[0].values.items() if name not in ("facility_id", "account_key")} == {
        "name": "Birch", "city": "Troy", "state": "NY", "tier": "1", "score": "87.5", "phone": "+15185550100",
        "reasons": "Best: best counts\nMid: mid counts\nThird: third counts", "owner": "ann@ours.example",
        "next_touch_on": "2026-12-01", "sla_status": "Breached", "recommended_action": "Call today",
        "suppressed": "false",
    }  # fmt: skip
    load = workloads(found)["ann@ours.example"]
    assert (load.accounts, load.tiers["1"], load.statuses["Breached"]) == (1, 1, 1)
