"""Do the four reports on referral partners state what the source's four scripts state (R88 to R102)?"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.files.accounts import joined
from cli.files.listed import of_file
from cli.files.reports import as_csv
from cli.main import app
from engines.drafting.accounts import Account
from engines.reports.pack import reports_in
from engines.reports.rows import listed
from shared.contracts.sequencer_accounts import WorkedAccount

PACK = Path(__file__).parents[3] / "packs/referral-partner"
PRACTICES = PACK / "sample/practices.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


def run(folder: Path, report: str, *more: str, file: Path = PRACTICES) -> str:
    arguments = ["report", report, str(file), "--pack", str(PACK), "--as-of", "2026-07-01", "--out", str(folder)]
    done = CliRunner().invoke(app, [*arguments, *more], env={"COLUMNS": "200"})
    assert done.exit_code == 0, f"{done.output}{done.exception}"
    return done.output


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def test_scores_are_ranked_with_a_summary_a_picture_and_a_file(folder: Path) -> None:
    printed = run(folder, "scores")

    found = rows(folder / "rula_partner_scores.csv")
    assert (folder / "rula_partner_scores.png").read_bytes().startswith(b"\x89PNG")
    assert [float(row["score"]) for row in found] == [88.8, 85.6, 73.5, 70, 66.2, 57.4, 53.7, 46.8, 17.2, 16.3]
    assert [row["rank"] for row in found] == [str(n) for n in range(1, 11)]
    assert [row["tier"] for row in found] == [
        *["Tier 1 - High Priority"] * 4,
        *["Tier 2 - Medium Priority"] * 3,
        *["Tier 3 - Lower Priority"] * 3,
    ]
    assert "Tier 1 - High Priority           4" in printed


def test_the_ten_practices_have_every_band_of_every_dimension(folder: Path) -> None:
    run(folder, "scores")

    found = rows(folder / "rula_partner_scores.csv")
    assert {row["provider_points"] for row in found} == {"5", "10", "15", "20", "25"}
    assert {row["bh_gap_points"] for row in found} == {"0", "5", "20", "35"}, "one gap is unknown"
    assert {row["volume_points"] for row in found} == {"3", "7", "11", "15"}
    assert {"0", "20.8"} <= {row["network_points"] for row in found}, "one has no networks"
    assert {row["practice_type"] for row in found} == {
        "Primary care",
        "Internal medicine",
        "Pediatrics",
        "OB/GYN",
        "FQHC",
    }
    for row in found:
        points = (float(row[f"{name}_points"]) for name in ("provider", "bh_gap", "network", "volume"))
        assert float(row["score"]) == pytest.approx(sum(points), abs=0.05)


def test_records_have_a_tier_an_owner_an_sla_status_and_an_action(folder: Path) -> None:
    printed = run(folder, "crm")

    found = rows(folder / "rula_crm_records.csv")
    actions = {row["tier"]: row["recommended_action"] for row in found}
    assert actions == {
        "Tier 1 - High Priority": "Personalized email with practice-specific hook",
        "Tier 2 - Medium Priority": "Templated intro email",
        "Tier 3 - Lower Priority": "Drip nurture sequence, revisit in 90 days",
    }
    assert sum(not row["owner"] for row in found) == 1
    assert all(row["sla_status"] for row in found)
    assert "By owner" in printed
    assert "no owner           1" in printed


def test_waiting_practices_are_sorted_by_urgency_and_owners_are_called_out(folder: Path) -> None:
    printed = run(folder, "sla")

    tracked = rows(folder / "rula_sla_tracker.csv")
    found = [(row["tier"].partition(" -")[0], row["days_since_outreach"], row["sla_status"]) for row in tracked]
    assert found == [
        ("Tier 1", "5", "URGENT - SLA BREACH"),
        ("Tier 2", "16", "OVERDUE"),
        ("Tier 1", "1", "AT RISK"),
        ("Tier 2", "6", "AT RISK"),
        ("Tier 1", "0", "ON TRACK"),
        ("Tier 1", "", "ON TRACK"),
        ("Tier 2", "2", "ON TRACK"),
        ("Tier 3", "72", "MONITOR"),
        ("Tier 3", "50", "MONITOR"),
        ("Tier 3", "29", "MONITOR"),
    ]
    assert "Priya Shah: 1 over the limit.\n  Saguaro Family Medicine: Touch it now." in printed


@pytest.mark.parametrize(
    "providers,expected",
    [
        ("30", "ON TRACK AT RISK AT RISK URGENT URGENT URGENT URGENT URGENT URGENT URGENT"),
        ("1", "ON TRACK ON TRACK ON TRACK ON TRACK ON TRACK AT RISK AT RISK AT RISK OVERDUE OVERDUE"),
    ],
)
def test_limits_are_those_of_the_source_on_every_day(tmp_path: Path, providers: str, expected: str) -> None:
    """Tier 1: at risk from day 1, a breach after 2 days. Tier 2, with 35 + 5 + 15 points: from day 5, after 7 days."""
    lines = ["Practice,City,State,Providers,BH Gap,Monthly Volume,Last Contacted"]
    days = ["2026-07-01", *(f"2026-06-{day}" for day in range(30, 21, -1))]
    lines += [f"Practice {n},Troy,NY,{providers},full,3000,{day}" for n, day in enumerate(days)]
    (tmp_path / "days.csv").write_text("\n".join(lines))

    run(tmp_path, "sla", file=tmp_path / "days.csv")

    found = {row["practice"]: row["sla_status"].partition(" -")[0] for row in rows(tmp_path / "rula_sla_tracker.csv")}
    assert " ".join(found[f"Practice {n}"] for n in range(10)) == expected


def test_each_practice_of_tier_1_has_a_hook_of_its_own_and_no_other_has_one(folder: Path) -> None:
    found = json.loads(run(folder, "hooks", "--json"))["rows"]

    assert {row["practice"]: row["hook"] for row in found} == {
        "Saguaro Family Medicine": (
            "With no therapist on site and patients on a waitlist, Saguaro Family could refer them to us."
        ),
        "Lakeshore Internal Medicine": (
            "As Lakeshore Internal opens another location, mental health care need not wait until you hire for it."
        ),
        "Little Palms Pediatrics": (
            "You look for a partner for teens; we'd like to be the one to whom Little Palms refers them."
        ),
        "Uptown Community Clinic": (
            "With 18 providers and no behavioral health on site, Uptown Community sends patients elsewhere; we'd"
            " like to see them."
        ),
    }


def worked(account: Account, *, client: bool = False, closed: bool = False) -> WorkedAccount:
    """An account without a touch."""
    return WorkedAccount(
        facility_id=account.facility_id,
        client=client,
        closed=closed,
        owner=None,
        last_contacted_on=None,
        next_follow_up_on=None,
        days_since_touch=None,
        sla_status="on_track" if account.tier < 3 else None,
        sla_label="ON TRACK" if account.tier < 3 else "MONITOR",
        sla_action=None,
    )


def test_no_list_of_a_stack_has_clients_or_who_must_not_be_contacted() -> None:
    on = date(2026, 7, 1)
    client, closed, *others = of_file(PRACTICES, PACK, on).accounts
    rows = [worked(client, client=True), worked(closed, closed=True), *map(worked, others)]

    stack = joined(PACK, on, [client, closed, *others], rows)

    assert stack.accounts == others
    assert stack.warnings == ["2 clients and accounts that must not be contacted are left out"]


@pytest.mark.parametrize("report", ["scores", "crm", "sla", "hooks"])
def test_a_stack_that_knows_only_the_list_states_the_same(report: str) -> None:
    on = date(2026, 7, 1)
    of_list = of_file(PRACTICES, PACK, on)
    untouched = [worked(each) for each in of_list.accounts]

    stack = joined(PACK, on, of_list.accounts, untouched)

    chosen = reports_in(PACK)[report]
    written = [as_csv(listed(chosen, each.accounts, each.words, each.more)) for each in (stack, of_list)]
    assert written[0] == written[1]
