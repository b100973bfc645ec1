"""Does each import command describe its file, and refuse an invalid option at once?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.commands.importing import app


@pytest.mark.parametrize(
    "command", ["facilities", "quality", "facts", "postings", "aliases", "contacts", "accounts", "leads", "reps"]
)
def test_the_help_lists_columns_an_example_and_the_file_of_rejects(command: str) -> None:
    shown = " ".join(re.sub(r"[^\w.,:]+", " ", CliRunner().invoke(app, [command, "--help"]).output).split())

    assert "Required columns: " in shown
    assert f"Example: pipeline import {command} " in shown
    assert "FILE.rejects.csv in the current folder" in shown
    assert "CSV, JSON or .xlsx" in shown


@pytest.mark.parametrize(
    "option, value, complaint",
    [
        ("--state", "Ontario", "--state 'Ontario' is not a state; write NY or New York"),
        ("--complete", "all", "--complete 'all' is not a state; write NY or New York, or US for the whole country"),
        ("--as-of", "13/1/2026", "--as-of '13/1/2026' is not a date; write it as YYYY-MM-DD"),
    ],
)
def test_an_invalid_option_is_refused_before_anything_is_read(
    tmp_path: Path, option: str, value: str, complaint: str
) -> None:
    (tmp_path / "f.csv").touch()

    result = CliRunner().invoke(app, ["facilities", str(tmp_path / "f.csv"), option, value])

    assert complaint in str(result.exception)
