"""Are files sent in chunks of a suitable size, and are rejects written to a file?"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.files.report import Reject, Report, write_rejects
from cli.printing import imports
from engines.datasets.chunks import MOST_BYTES, chunks
from shared.contracts.ingest import ImportReport


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


def test_the_columns_of_a_registry_that_nothing_reads_are_named_and_of_many_the_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    few, many = Report(), Report()
    few.add_chunk(ImportReport(import_no=1, ignored_fields=["Suite", "Fax"]))
    many.add_chunk(ImportReport(import_no=1, ignored_fields=[f"column {number}" for number in range(10, 40)]))

    imports.report("clinics.csv", few, None)
    imports.report("clinics.csv", many, None)

    _, of_few, of_many = " ".join(capsys.readouterr().out.split()).split("Not stored: ")
    assert of_few.startswith("Fax, Suite.")
    assert of_many.startswith("column 10, column 11,")
    assert of_many.endswith("column 21 and 18 more columns.")
