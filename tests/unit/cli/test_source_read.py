"""Does `pipeline source read` show what saved files state, and name those that it cannot read?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.unit.postings import examples
from tests.unit.postings.examples import encoded

KEYS = "file format source_posting_id title employer_name city state zip posted_on closes_on url".split()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("board.json").write_bytes(encoded(examples.GREENHOUSE))
    Path("jobs.csv").write_text(examples.CSV)
    Path("days.json").write_bytes(encoded(examples.WORKDAY))
    Path("other.json").write_bytes(encoded({"result": [{"jobOpeningName": "Nurse"}]}))
    return tmp_path


def test_each_posting_is_a_line_of_json_with_these_keys(files: Path) -> None:
    done = CliRunner().invoke(app, ["source", "read", "board.json", "jobs.csv", "--json"])

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [list(line) for line in lines] == [KEYS, KEYS]
    assert lines[1] == {
        "file": "jobs.csv", "format": "csv", "source_posting_id": "A-1", "title": "Assessment Coordinator",
        "employer_name": "Birch House", "city": "Troy", "state": "NY", "zip": "12180", "posted_on": "2026-11-15",
        "closes_on": "2026-12-15", "url": "https://jobs.example/1",
    }  # fmt: skip
    assert lines[0]["closes_on"] is None
    assert "jobs.csv: 1 posting was left out: no title." in done.stderr


def test_a_file_that_cannot_be_read_is_named_with_the_reason_and_the_others_are_shown(files: Path) -> None:
    done = CliRunner().invoke(app, ["source", "read", "other.json", "none.json", ".", "board.json"])

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "other.json: This is an answer of BambooHR, which has no adapter.",
        "none.json: There is no file none.json.",
        ".: . is a folder; give a file.",
    ]
    assert "Assessment Coordinator & RN" in done.stdout
    assert "Birch Group" in done.stdout


def test_days_ago_count_from_the_day_that_is_stated_or_on_which_the_file_was_changed(files: Path) -> None:
    noon_of_november_18 = 1_795_021_200
    os.utime("days.json", (noon_of_november_18, noon_of_november_18))

    by_file = CliRunner().invoke(app, ["source", "read", "days.json", "--json"]).stdout
    stated = CliRunner().invoke(app, ["source", "read", "days.json", "--json", "--saved-on", "2026-07-01"]).stdout

    assert json.loads(by_file.splitlines()[0])["posted_on"] == "2026-11-15"
    assert json.loads(stated.splitlines()[0])["posted_on"] == "2026-06-28"


def test_the_help_names_the_formats_and_an_example() -> None:
    shown = CliRunner().invoke(app, ["source", "read", "--help"]).stdout

    for words in ("schema.org", "Workday", "CSV", "Example:", "--saved-on", "exit code"):
        assert words in shown
