"""Does `pipeline score` agree exactly with an independent computation?"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app, main
from tests.support.reference import CMS, needs_reference_data

DAY = date(2021, 8, 15)
ROLES = {"mds_coordinator": "1", "pdpm_rac": "0.85", "chart_review": "0.7", "qm": "0.5"}
LIFT = ["0.6", "0.7", "0.8", "0.9", "1"]
STARS = {"1": Fraction(1), "2": Fraction(7, 10)}


def rows(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix != ".zip":
        with path.open(newline="") as file:
            yield from csv.DictReader(file)
        return
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", errors="replace"))


def run(tmp_path: Path, *more: str) -> dict[str, dict[str, str]]:
    out = tmp_path / "scores.csv"
    done = CliRunner().invoke(app, ["score", *more, "--out", str(out)])
    assert done.exit_code == 0, done.output
    return {row["ccn"]: row for row in rows(out)}


def tenths(exact: Fraction) -> str:
    """One decimal, half to even."""
    return f"{float(round(exact * 10)) / 10:.1f}"


@pytest.fixture
def signals(tmp_path: Path) -> Path:
    """Several signals for every third facility: open, expired, and first seen after the day."""
    path = tmp_path / "signals.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ccn", "role_family", "urgency", "last_seen_on", "expires_on"])
        for n, facility in enumerate(rows(CMS / "NH_ProviderInfo_Aug2021.csv.zip")):
            for k in range(n % 3):
                seen = DAY - timedelta(days=(7 * n + 11 * k) % 45 - 4)
                role = list(ROLES)[(n + k) % 4]
                writer.writerow(
                    [facility["Federal Provider Number"], role, (n + 2 * k) % 5, seen, seen + timedelta(days=30)]
                )
    return path


def expected(penalties: Path, signals: Path) -> dict[str, str]:
    """The formula of section 2b, straight from the files, in fractions."""
    fined: dict[str, date] = {}
    for row in rows(penalties):
        on = date.fromisoformat(row["Penalty Date"])
        if row["Penalty Type"] == "Fine" and on <= DAY:
            facility_id = row["Federal Provider Number"]
            fined[facility_id] = max(on, fined.get(facility_id, on))
    posted: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows(signals):
        if row["last_seen_on"] <= str(DAY) <= row["expires_on"]:
            value = Fraction(ROLES[row["role_family"]]) * Fraction(LIFT[int(row["urgency"])])
            posted[row["ccn"]] = max(value, posted[row["ccn"]])
    found = {}
    for row in rows(CMS / "NH_ProviderInfo_Aug2021.csv.zip"):
        facility_id = row["Federal Provider Number"]
        age = (DAY - fined[facility_id]).days if facility_id in fined else 10_000
        recent = Fraction(1) if age < 180 else Fraction(2, 5) if age <= 365 else Fraction(0)
        points = 36 * posted[facility_id] + 20 * STARS.get(row["QM Rating"], Fraction(0)) + 18 * recent
        found[facility_id] = tenths(points + 8 * STARS.get(row["Staffing Rating"], Fraction(0)))
    return found


@needs_reference_data
def test_every_facility_of_august_2021_scores_as_computed_independently(tmp_path: Path, signals: Path) -> None:
    facilities, penalties = CMS / "NH_ProviderInfo_Aug2021.csv.zip", CMS / "NH_Penalties_Jun2021.csv.zip"

    found = run(
        tmp_path,
        *("--facilities", str(facilities), "--penalties", str(penalties), "--signals", str(signals)),
        *("--as-of", str(DAY)),
    )

    wanted = expected(penalties, signals)
    assert len(found) == 15_283
    assert {facility_id: row["score"] for facility_id, row in found.items()} == wanted
    ranked = sorted((Fraction(score) for score in wanted.values()), reverse=True)
    cuts = {1: max(ranked[14], Fraction(25)), 2: max(ranked[74], Fraction(10))}
    for facility_id, row in found.items():
        score = Fraction(wanted[facility_id])
        assert int(row["tier"]) == (1 if score >= cuts[1] else 2 if score >= cuts[2] else 3), facility_id
        parts = json.loads(row["breakdown"], parse_float=str, parse_int=str)
        assert all(
            Fraction(part["points"]) == 100 * Fraction(part["weight"]) * Fraction(part["value"]) for part in parts
        )
        assert tenths(sum((Fraction(part["points"]) for part in parts), Fraction(0))) == row["score"]


def a_file(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_citations_count_by_survey_date_in_every_spelling_and_the_multiplier_only_in_new_york(
    tmp_path: Path,
) -> None:
    facilities = a_file(
        tmp_path / "f.csv",
        "CMS Certification Number (CCN),Provider Name,City/Town,State,QM Rating,Medicaid Share,Processing Date",
        "335001,A,X,NY,1,0.5,2026-07-01",
        "225001,B,X,MA,1,0.5,2026-07-01",
        "335002,C,X,NY,2,,2026-07-01",
        "335003,D,X,NY,1,0.5,2026-08-01",
    )
    deficiencies = a_file(
        tmp_path / "d.csv",
        "CMS Certification Number (CCN),Survey Date,Deficiency Prefix,Deficiency Tag Number",
        "335001,2026-06-30,F,0641",
        "225001,2026-06-30,K,0641",
        "335002,2026-07-16,F,0641",
        "335002,2025-07-15,F,641",
    )

    found = run(tmp_path, "--facilities", facilities, "--deficiencies", deficiencies, "--as-of", "2026-07-15")

    assert {facility_id: row["score"] for facility_id, row in found.items()} == {
        "335001": "39.5",  # (20 + 18) x 1.04 = 39.52
        "225001": "20.0",
        "335002": "21.2",  # 14 + 0.4 x 18: cited 365 days ago; the later citation is still to come
        "335003": "0.0",  # its ratings are dated after the day
    }


@pytest.fixture(scope="module")
def citations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The citations that count, from the file of forty states; other tests read the complete file."""
    path = tmp_path_factory.mktemp("citations") / "citations.csv"
    with gzip.open(CMS / "health_deficiencies_feb2026_40states_noNY.csv.gz", "rt") as file, path.open("w") as out:
        out.writelines(line for number, line in enumerate(file) if number == 0 or "0641" in line)
    return path


@needs_reference_data
@pytest.mark.parametrize(
    "name",
    [
        "registry_jul2026.csv.gz",
        "registry_monthly_snapshots_2026.csv.gz",
        "SNF_Enrollments_2026.07.31.csv.gz",
        "facility_quality_feb2026.csv.gz",
        "facility_index_jul2026_with_risk_flags.csv.gz",
    ],
)
def test_every_layout_of_the_reference_data_can_be_scored(tmp_path: Path, citations: Path, name: str) -> None:
    found = run(
        tmp_path,
        *("--facilities", str(CMS / name), "--penalties", str(CMS / "penalties_feb2026.csv.gz")),
        *("--deficiencies", str(citations), "--as-of", "2026-02-28"),
    )

    assert len(found) > 13_000
    assert max(float(row["score"]) for row in found.values()) == 18.0


def test_an_unknown_file_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    facilities = a_file(tmp_path / "f.csv", "ccn,name,city,state", "335001,A,X,NY")
    other = a_file(tmp_path / "weather.csv", "ccn,rain", "335001,1")

    done = CliRunner().invoke(
        app, ["score", "--facilities", facilities, "--penalties", other, "--as-of", "2026-07-01", "--out", "o.csv"]
    )

    assert "weather.csv is not a known quality file. Known are CMS Penalties" in str(done.exception)


def test_the_accounts_of_another_pack_are_called_as_it_calls_them(tmp_path: Path) -> None:
    listed = a_file(tmp_path / "f.csv", "Clinic,City,State,EMR", "Elm Family Care,Austin,TX,athenahealth")
    options = ["--facilities", listed, "--as-of", "2026-07-01", "--pack", "clinic"]

    done = CliRunner().invoke(app, ["score", *options, "--out", str(tmp_path / "scores.csv")])

    assert done.output.startswith("1 clinics written to ")


def test_a_given_calibration_sets_the_tiers_with_hysteresis(tmp_path: Path) -> None:
    facilities = a_file(
        tmp_path / "f.csv", "ccn,name,city,state,qm_rating", "335001,A,X,NY,1", "335002,B,X,NY,1", "335003,C,X,NY,2"
    )
    record = {"calibrated_on": "2026-06-29", "cuts": {"1": "21.5", "2": 14}, "hysteresis": 2, "members": {"335001": 1}}
    given = a_file(tmp_path / "c.json", json.dumps(record))

    found = run(tmp_path, "--facilities", facilities, "--as-of", "2026-07-01", "--calibration", given)

    assert {facility_id: row["tier"] for facility_id, row in found.items()} == {
        "335001": "1",
        "335002": "2",
        "335003": "2",
    }


def test_a_file_of_facts_given_twice_counts_once(tmp_path: Path) -> None:
    facilities = a_file(tmp_path / "f.csv", "ccn,name,city,state", "335001,A,X,NY")
    volumes = ["100,2025-03-31", "110,2025-06-30", "90,2025-09-30", "105,2025-12-31", "140,2026-03-31"]
    facts = a_file(tmp_path / "v.csv", "ccn,field,value,as_of", *(f"335001,mds_volume,{volume}" for volume in volumes))
    common = ("--facilities", facilities, "--as-of", "2026-07-01", "--facts", facts)

    assert run(tmp_path, *common, "--facts", facts) == run(tmp_path, *common)


@pytest.mark.parametrize(
    "row,message",
    [
        ("335001,qm,x,2026-06-01,2026-07-01", "urgency 'x' is not an integer from 0 to 4"),
        ("335001,qm,inf,2026-06-01,2026-07-01", "urgency 'inf' is not an integer from 0 to 4"),
        ("335009,qm,1,2026-06-01,2026-07-01", "'335009' is not one of the facilities"),
        ("335001,rn,1,2026-06-01,2026-07-01", "role_family 'rn' has no weight in the model"),
    ],
)
def test_an_invalid_signal_is_reported_and_the_others_count(tmp_path: Path, row: str, message: str) -> None:
    facilities = a_file(tmp_path / "f.csv", "ccn,name,city,state", "335001,A,X,NY")
    good = "335001,qm,1,2026-06-01,2026-07-01"
    signals = a_file(tmp_path / "s.csv", "ccn,role_family,urgency,last_seen_on,expires_on", row, good)
    out = tmp_path / "o.csv"

    done = CliRunner().invoke(
        app,
        ["score", "--facilities", facilities, "--signals", signals, "--as-of", "2026-06-15", "--out", str(out)],
    )

    assert f"s.csv, line 2: {message}" in done.output
    assert [scored["score"] for scored in rows(out)] == ["12.6"]


def test_an_invalid_date_is_refused_with_the_name_of_its_option(tmp_path: Path) -> None:
    facilities = a_file(tmp_path / "f.csv", "ccn,name,city,state", "335001,A,X,NY")

    done = CliRunner().invoke(app, ["score", "--facilities", facilities, "--as-of", "2026-13-01", "--out", "o.csv"])

    assert str(done.exception).startswith("--as-of '2026-13-01' is not a date; write it as YYYY-MM-DD")


def test_an_output_that_cannot_be_written_is_reported_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    facilities = a_file(tmp_path / "f.csv", "ccn,name,city,state", "335001,A,X,NY")
    out = str(tmp_path / "nowhere" / "o.csv")
    given = ["pipeline", "score", "--facilities", facilities, "--as-of", "2026-07-01", "--out", out]
    monkeypatch.setattr("sys.argv", given)

    with pytest.raises(SystemExit) as stopped:
        main()

    assert stopped.value.code == 1
    assert "There is no folder" in capfd.readouterr().err
