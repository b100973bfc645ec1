"""Are the lists of a pack written from a file alone, and can every program read them?"""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.printing.bars import color_of, draw
from cli.printing.canvas import Canvas

TOY = str(Path(__file__).parents[2] / "fixtures/packs/toy")
HEAD = "Permit,Workshop,Town,State,Stands,Inspection"
WORKSHOPS = f"""{HEAD}
BK-0001,Larkspur Wheelworks,Troy,NY,4,1
BK-0002,Alder Cycles,Troy,NY,9,5
BK-0003,,Troy,NY,9,5
BK-0001,Larkspur again,Troy,NY,4,1
"""
SIGNALS = "permit,role_family,urgency,last_seen_on,expires_on\nBK-0002,welder,4,2026-06-20,2026-08-01\n"


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    (folder / "workshops.in.csv").write_text(WORKSHOPS)
    (folder / "signals.csv").write_text(SIGNALS)
    done = CliRunner().invoke(app, [*arguments, "--pack", TOY], env={"COLUMNS": "200"})
    assert done.exit_code == code, done.output
    return f"{done.output}{done.exception or ''}"


def of_file(folder: Path) -> list[str]:
    signals = ["--signals", str(folder / "signals.csv")]
    return [str(folder / "workshops.in.csv"), "--as-of", "2026-07-01", *signals]


def test_a_report_is_printed_and_its_files_are_written(tmp_path: Path) -> None:
    printed = run(tmp_path, "report", "workshops", *of_file(tmp_path), "--out", str(tmp_path))

    with (tmp_path / "workshops.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [(row["permit"], row["score"], row["hiring"], row["text"]) for row in rows] == [
        ("BK-0002", "35", "35", "Alder Cycles could post us its wheels."),
        ("BK-0001", "30", "0", "Larkspur Wheelworks could post us its wheels."),
    ]
    assert (tmp_path / "workshops.png").read_bytes().startswith(b"\x89PNG")
    assert "2 accounts written to" in printed
    assert "line 4: name missing for permit BK-0003; the row is left out" in printed
    assert "line 5: BK-0001 is on line 2 already; the row is left out" in printed


def test_a_playbook_has_the_accounts_that_meet_its_conditions(tmp_path: Path) -> None:
    out = str(tmp_path / "wheels.csv")

    assert "hiring over 0" in run(tmp_path, "playbook", "list")
    assert "Wheels at {{ place }}" in run(tmp_path, "playbook", "show", "wheels")
    run(tmp_path, "playbook", "export", "wheels", *of_file(tmp_path), "--out", out)
    with Path(out).open(newline="", encoding="utf-8") as file:
        assert [row["permit"] for row in csv.DictReader(file)] == ["BK-0002"]
    run(tmp_path, "playbook", "export", "wheels", *of_file(tmp_path), "--out", out, "--min-score", "35.1")
    with Path(out).open(newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == []


def test_programs_get_rows_with_the_columns_of_the_report(tmp_path: Path) -> None:
    printed = run(tmp_path, "report", "workshops", *of_file(tmp_path), "--out", str(tmp_path), "--json")

    found = json.loads(printed)
    assert [row["workshop"] for row in found["rows"]] == ["Alder Cycles", "Larkspur Wheelworks"]
    assert sum(found["counts"].values()) == 2


@pytest.mark.parametrize(
    "arguments,code,problem",
    [
        (["report", "nothing"], 2, "There is no report 'nothing'; there are workshops."),
        (["playbook", "show", "nothing"], 2, "There is no playbook 'nothing'; there are wheels."),
        (["report", "workshops"], 1, "are for a file"),
        (["report", "workshops", "no-file.csv"], 1, "There is no file"),
    ],
)
def test_a_mistake_is_named_with_what_exists(tmp_path: Path, arguments: list[str], code: int, problem: str) -> None:
    assert problem in " ".join(run(tmp_path, *arguments, code=code).replace("│", "").split())


def test_a_picture_colors_bars_by_tier_and_shortens_no_short_name() -> None:
    class Recording(Canvas):
        written: ClassVar[list[str]] = []
        filled: ClassVar[list[tuple[int, tuple[int, int, int]]]] = []

        def write(self, x: int, y: int, text: str, color: tuple[int, int, int] = (0, 0, 0)) -> None:
            self.written.append(text)

        def fill(self, left: int, top: int, right: int, bottom: int, color: tuple[int, int, int]) -> None:
            self.filled.append((right - left, color))

    draw("Scores", [("A", Decimal("80.0"), 1), ("B" * 200, Decimal(40), 2), ("\x00\n☃", Decimal(0), 3)], Recording)

    assert {"Scores", "Tier 1: 1", "A", "80", "40"} <= set(Recording.written)
    assert not any("B" * 100 in text or "\n" in text for text in Recording.written)
    widths = {color: width for width, color in Recording.filled}
    assert widths[color_of(1)] == pytest.approx(2 * widths[color_of(2)], abs=2)
    assert widths[color_of(3)] == 1
