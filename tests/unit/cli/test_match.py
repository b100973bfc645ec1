"""Does `pipeline match` write a result for every row of a file, valid or not, without servers?"""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app, main

REGISTRY = """ccn,provider_name,city,state,address,zip,phone,legal_business_name,dba_name,chain_name,name_2023,name_2021
335001,WILLOW BEND NURSING AND REHABILITATION CENTER,ALBANY,NY,12 LARCH STREET,12203,(518)555-0100,WBX OPERATING LLC,,,,
335002,TERN POINT MANOR,BUFFALO,NY,9 QUAY ROAD,14201,(716)555-0101,,,,GORSE HILL HOME,
335003,FERN HILL NURSING HOME,ALBANY,NY,1 ELM STREET,12204,,,,,,
335004,FERN HILL NURSING HOME,UTICA,NY,2 OAK STREET,13501,,,,,,
bad,NOT A FACILITY,ALBANY,NY,,,,,,,,,
"""
OLD_REGISTRY = """Federal Provider Number,Provider Name,Provider Address,Provider City,Provider State,Provider Zip Code
335001,WILLOW BEND NURSING AND REHABILITATION CENTER,12 LARCH STREET,ALBANY,NY,12203
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "registry.csv.gz").write_bytes(gzip.compress(REGISTRY.encode()))
    return tmp_path


def matched(folder: Path, queries: str, *more: str, registry: str = "registry.csv.gz") -> list[dict[str, str]]:
    (folder / "queries.csv").write_text(queries, encoding="utf-8")
    paths = ["--registry", folder / registry, "--queries", folder / "queries.csv", "--out", folder / "out.csv"]
    answer = CliRunner().invoke(app, ["match", *map(str, paths), *more])
    assert answer.exit_code == 0, answer.output
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_is_passed_through_and_six_are_added(folder: Path) -> None:
    (row,) = matched(folder, "my id,employer_name,city,state\n7,Willow Bend Nsg & Rehab Ctr,Albany,NY\n")

    assert (row["my id"], row["matched_ccn"], row["decision"]) == ("7", "335001", "auto")
    (first, *_) = json.loads(row["candidates"])
    assert set(first) == {"ccn", "name", "confidence", "features"}
    assert float(row["confidence"]) == first["confidence"] >= 0.87


def test_candidates_are_listed_even_if_none_is_accepted(folder: Path) -> None:
    twin, stranger = matched(
        folder, "employer_name,city,state\nFern Hill Nursing Home,,NY\nQuarrystone Elevator Repair,Albany,NY\n"
    )

    assert (twin["decision"], twin["matched_ccn"], twin["reason"]) == ("queue", "", "ambiguous")
    assert {each["ccn"] for each in json.loads(twin["candidates"])[:2]} == {"335003", "335004"}
    assert (stranger["decision"], stranger["matched_ccn"]) == ("none", "")
    assert json.loads(stranger["candidates"])


def test_a_stated_ccn_is_accepted_unless_its_state_differs(folder: Path) -> None:
    accepted, conflicting = matched(folder, "employer_name,city,state,ccn\nX,,NY,335002\nTern Point,,NJ,335002\n")

    assert (accepted["matched_ccn"], accepted["method"]) == ("335002", "facility_id")
    assert (conflicting["matched_ccn"], conflicting["reason"]) == ("", "id_conflict")


@pytest.mark.parametrize("state", ["New York", "new york", "N.Y."])
def test_a_state_may_be_spelled_out(folder: Path, state: str) -> None:
    (row,) = matched(folder, f"employer_name,city,state\nWillow Bend Nsg & Rehab Ctr,Albany,{state}\n")

    assert (row["matched_ccn"], row["decision"]) == ("335001", "auto")


def test_an_invalid_row_has_a_reason_and_the_others_are_matched(folder: Path) -> None:
    rows = matched(
        folder,
        'employer_name,city,state\n,Albany,NY\nTern Point Manor,Buffalo,Ontario\nToo,many,NY,cells\n"a\nb",,NY\n'
        "Tern Point Manor,Buffalo,ny\n",
    )

    assert [row["reason"].startswith("bad row: ") for row in rows] == [True, True, True, False, False]
    assert rows[-1]["matched_ccn"] == "335002"


def test_an_empty_row_keeps_its_place(folder: Path) -> None:
    first, second = matched(folder, "employer_name,city,state\n,,\nWillow Bend Nsg & Rehab Ctr,Albany,NY\n")

    assert (first["decision"], first["reason"]) == ("none", "bad row: employer_name is empty")
    assert second["matched_ccn"] == "335001"


def test_the_source_rule_can_be_selected_by_name(folder: Path) -> None:
    exact, other = matched(
        folder, "employer_name,city,state\nTern Point Manor,Buffalo,NY\nTern,Utica,NY\n", "--method", "source-rule"
    )

    assert (exact["matched_ccn"], exact["method"], exact["confidence"]) == ("335002", "rule", "1.0000")
    assert (other["matched_ccn"], other["decision"]) == ("", "queue")


def test_an_old_registry_without_other_names_is_accepted(folder: Path) -> None:
    (folder / "old.csv").write_text(OLD_REGISTRY)

    (row,) = matched(folder, "employer_name,city,state\nWillow Bend Nursing & Rehab,Albany,NY\n", registry="old.csv")

    assert row["matched_ccn"] == "335001"


def test_published_enrollments_add_names(folder: Path) -> None:
    (folder / "enrollments.csv").write_text(
        '"CCN","ORGANIZATION NAME","DOING BUSINESS AS NAME"\n335002,HERON LODGE HOLDINGS LLC,HERON LODGE\n'
    )
    queries = "employer_name,city,state\nHeron Lodge,Buffalo,NY\n"

    (without,) = matched(folder, queries)
    (with_them,) = matched(folder, queries, "--aliases", str(folder / "enrollments.csv"))

    assert (without["matched_ccn"], with_them["matched_ccn"]) == ("", "335002")


@pytest.mark.parametrize("content, words", [("", "is empty"), ("name,city\nx,y\n", "employer_name")])
def test_a_file_without_employers_is_refused_with_a_sentence(folder: Path, content: str, words: str) -> None:
    (folder / "queries.csv").write_text(content)
    paths = ["--registry", folder / "registry.csv.gz", "--queries", folder / "queries.csv", "--out", folder / "out.csv"]

    answer = CliRunner().invoke(app, ["match", *map(str, paths)])

    assert words in str(answer.exception)


def test_a_file_that_cannot_be_written_is_reported_in_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "queries.csv").write_text("employer_name,city,state\nWillow Bend,Albany,NY\n", encoding="utf-8")
    out = str(folder / "missing" / "out.csv")
    paths = ["--registry", str(folder / "registry.csv.gz"), "--queries", str(folder / "queries.csv"), "--out", out]
    monkeypatch.setattr("sys.argv", ["pipeline", "match", *paths])

    with pytest.raises(SystemExit) as ended:
        main()

    message = f"There is no folder {folder / 'missing'} in which to write out.csv."
    assert (ended.value.code, capsys.readouterr().err.strip()) == (1, message)
