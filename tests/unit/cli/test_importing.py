"""Are files sent in chunks of a suitable size, and are rejects written to a file?"""

from __future__ import annotations

from pathlib import Path

from cli.files.importing import MOST_BYTES, chunks
from cli.files.report import Reject, Report, write_rejects


def test_a_chunk_has_limited_rows_and_bytes() -> None:
    large = {"description": "x" * (MOST_BYTES // 3)}

    assert [len(chunk) for chunk in chunks(enumerate([large] * 5))] == [2, 2, 1]
    assert [len(chunk) for chunk in chunks(enumerate([{"n": 1}] * 1_001))] == [1_000, 1]
    assert [len(chunk) for chunk in chunks(enumerate([large, {"description": "x" * 2 * MOST_BYTES}]))] == [1, 1]


def test_rejects_are_written_with_line_and_reason_and_without_formulas(tmp_path: Path) -> None:
    report = Report(rejects=[Reject(7, "title: is missing", "=cmd()")])

    path = write_rejects(report, tmp_path / "feed.csv")

    assert path == tmp_path / "feed.csv.rejects.csv"
    assert path.read_text().splitlines() == ["line,reason,id", "7,title: is missing,'=cmd()"]
    assert write_rejects(Report(), tmp_path / "clean.csv") is None
