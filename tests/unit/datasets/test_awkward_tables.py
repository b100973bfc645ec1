"""Is every labeled table read exactly as labeled, or refused with file, line and reason?"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engines.datasets.reading import Row, Unread, Unreadable
from tests.support.reading import read
from tests.support.reference import DATA

TABLES = DATA / "csv"
pytestmark = pytest.mark.skipif(not TABLES.exists(), reason="the labeled tables are not part of this repository")


def labels() -> list[dict[str, Any]]:
    truth = TABLES / "truth.jsonl"
    return [json.loads(line) for line in truth.read_text().splitlines()] if truth.exists() else []


def as_stored(rows: Any) -> Any:
    """Rows without carriage returns: the labels have them, the copies of the tables do not."""
    return json.loads(json.dumps(rows).replace("\\r\\n", "\\n"))


@pytest.mark.parametrize("label", [each for each in labels() if each["expected"]], ids=lambda each: each["file"])
def test_a_table_whose_exact_content_is_known_is_read_exactly(label: dict[str, Any]) -> None:
    expected = json.loads((TABLES / label["expected"]).read_text())
    if not any(cell for row in expected for cell in row):
        with pytest.raises(Unreadable, match="is empty"):
            read(TABLES / label["file"])
        return

    header, rows, file = read(TABLES / label["file"])

    assert (file.findings.warnings, file.findings.remarks) == ([], [])
    cells = [row.cells for row in rows if isinstance(row, Row)]
    assert len(cells) == len(rows)
    table = [dict(zip(header, row, strict=True)) for row in cells] if label["header"] else [header, *cells]
    assert as_stored(table) == as_stored(expected)


def test_every_labeled_table_is_read_completely_or_its_unread_lines_are_reported() -> None:
    results = Counter(result_of(TABLES / label["file"]) for label in labels())

    print(dict(results))
    assert results == {"read table": 134, "with unread lines": 11, "refused": 9}


def result_of(path: Path) -> str:
    try:
        header, rows, file = read(path)
    except Unreadable as refused:
        return "refused" if path.name in str(refused) else f"refused without its name: {refused}"
    assert all(len(row.cells) == len(header) for row in rows if isinstance(row, Row)), path
    unread = [row for row in rows if isinstance(row, Unread)]
    assert all(row.line <= row.last and row.reason for row in unread)
    content = path.read_bytes()
    if not content.startswith((b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff")):
        accounted = sum(row.last - row.line + 1 for row in rows) + file.findings.blank + 1
        assert accounted == len(
            content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        ), path
    return "with unread lines" if unread else "read table"
