"""Do exported files have the types of the contracts, and no cell that a spreadsheet would run?"""

from __future__ import annotations

import asyncio
import csv
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from cli.files.exporting import export
from cli.files.lists import EXPORTS
from cli.files.parquet import types_of
from engines.datasets.paths import Unusable, folder_to_make
from shared.contracts.scorer_replies import ExportedScore
from shared.contracts.sequencer_touches import BookmarkRow
from shared.messaging.broker import Broker

HOSTILE = '=HYPERLINK("http://x")'


class Answering:
    """A stack whose services answer each question with the same rows, on one page."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    async def ask(self, question: Any, *, service: str = "") -> list[Any]:
        return [] if getattr(question, "after", None) else self.rows


def exported(what: str, rows: list[Any], path: Path, form: Any) -> int:
    return asyncio.run(export(cast(Broker, Answering(rows)), what, path, form))


def bookmark(**more: Any) -> BookmarkRow:
    stated: dict[str, Any] = {
        "facility_id": "33X001",
        "tier": 2,
        "reason": HOSTILE,
        "marked_by": "ann",
        "marked_on": date(2026, 7, 1),
    }
    return BookmarkRow(**(stated | more))


def test_a_parquet_file_has_typed_columns_and_the_values_as_they_are(tmp_path: Path) -> None:
    assert exported("bookmarks", [bookmark(), bookmark(tier=None, reason=None)], tmp_path / "b.parquet", "parquet") == 2

    rows = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "b.parquet")])
    assert [column[0] for column in rows.description][1:] == [
        "facility",
        "city",
        "tier",
        "reason",
        "marked_by",
        "marked_on",
    ]
    assert [row[3:] for row in rows.fetchall()] == [
        (2, HOSTILE, "ann", date(2026, 7, 1)),
        (None, None, "ann", date(2026, 7, 1)),
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["b.parquet"]


def test_points_have_a_column_for_each_factor_also_in_parquet(tmp_path: Path) -> None:
    points = {"quality": Decimal("12.25")}
    row = ExportedScore(
        facility_id="33X001",
        name="A",
        score=Decimal("58.1"),
        tier=1,
        scored_on=date(2026, 7, 1),
        multiplier=Decimal("1.1"),
        points=points,
    )
    exported("scores", [row], tmp_path / "s.parquet", "parquet")

    found = duckdb.connect().execute("SELECT score, quality FROM read_parquet(?)", [str(tmp_path / "s.parquet")])
    assert found.fetchall() == [(Decimal("58.1"), Decimal("12.25"))]


def test_an_empty_list_still_has_its_columns_in_both_formats(tmp_path: Path) -> None:
    exported("suppressions", [], tmp_path / "s.parquet", "parquet")
    exported("suppressions", [], tmp_path / "s.csv", "csv")

    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "s.parquet")])
    assert tuple(column[0] for column in found.description) == EXPORTS["suppressions"].columns
    assert (tmp_path / "s.csv").read_text().strip() == ",".join(EXPORTS["suppressions"].columns)


def test_a_formula_in_a_csv_file_is_text(tmp_path: Path) -> None:
    exported("bookmarks", [bookmark()], tmp_path / "b.csv", "csv")

    with (tmp_path / "b.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["reason"] == "'" + HOSTILE


def test_an_export_that_fails_leaves_the_earlier_file_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "b.parquet").write_text("earlier")
    broken = {"facility_id": "33X001", "tier": "not a number", "marked_on": "2026-07-01"}

    with pytest.raises(Exception, match="not a number"):
        exported("bookmarks", [broken], tmp_path / "b.parquet", "parquet")

    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("b.parquet", "earlier")]


@pytest.mark.parametrize("what", EXPORTS)
def test_every_column_of_a_list_is_a_field_of_its_contract(what: str) -> None:
    listed = EXPORTS[what]
    known = [name for name in listed.columns if name in _fields(listed.question)]
    assert len(known) == len(listed.columns)
    types = dict(zip(listed.columns, types_of(listed.question, listed.columns), strict=True))
    assert all(kind == "DATE" for name, kind in types.items() if name.endswith("_on"))
    assert all(kind == "TIMESTAMPTZ" for name, kind in types.items() if name.endswith("_at"))


def _fields(question: Any) -> dict[str, Any]:
    fields: dict[str, Any] = type(question).REPLY.__args__[0].model_fields
    return fields


def test_a_command_that_writes_no_parquet_does_not_load_duckdb() -> None:
    tried = "import sys, cli.commands.export; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", tried], check=False).returncode == 0


def test_ids_keep_their_type() -> None:
    assert types_of(EXPORTS["tasks"].question, ("task_id", "due_on")) == ["UUID", "DATE"]


def test_rows_that_parquet_cannot_have_are_reported_in_a_sentence_and_leave_no_file(tmp_path: Path) -> None:
    too_large = bookmark().model_copy(update={"tier": 2**80})

    with pytest.raises(ValueError, match=r"^The rows cannot be written as Parquet: [^\n]+\. CSV can have every row\.$"):
        exported("bookmarks", [too_large], tmp_path / "b.parquet", "parquet")

    assert list(tmp_path.iterdir()) == []
    assert exported("bookmarks", [too_large], tmp_path / "b.csv", "csv") == 1


def test_the_folder_of_all_lists_is_made_where_its_parent_exists(tmp_path: Path) -> None:
    assert folder_to_make(tmp_path / "exports") == folder_to_make(tmp_path / "exports") == tmp_path / "exports"
    assert (tmp_path / "exports").is_dir()
    (tmp_path / "file").touch()
    for wrong in ("file", "file/exports", "none/exports"):
        with pytest.raises(Unusable):
            folder_to_make(tmp_path / wrong)
