"""Are the rows of a file read as they are, whatever it is packed in?"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from cli.importing import MOST_BYTES, Reject, Report, chunks, write_rejects
from cli.reading import Unreadable, fingerprint, records, table

CSV = "name,city\nAlpha,Albany\n\nBéta,Troy\n"


@pytest.fixture(params=["plain", "gz", "zip", "windows"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    encoding = "cp1252" if request.param == "windows" else "utf-8-sig"
    content = CSV.encode(encoding)
    if request.param == "gz":
        path = tmp_path / "file.csv.gz"
        path.write_bytes(gzip.compress(content))
    elif request.param == "zip":
        path = tmp_path / "file.csv.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inner.csv", content)
    else:
        path = tmp_path / "file.csv"
        path.write_bytes(content)
    return path


def test_rows_come_with_their_line_numbers(file: Path) -> None:
    assert list(table(file)) == [(1, ["name", "city"]), (2, ["Alpha", "Albany"]), (4, ["Béta", "Troy"])]


def test_records_go_by_column_and_leave_out_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,city\nAlpha,\nBeta,Troy,surplus\n")

    assert list(records(path)) == [(2, {"name": "Alpha"}), (3, "3 cells where the header has 2")]


def test_json_lines_that_are_none_are_named(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"title": "a"}\n\n[1]\nnonsense\n{"title": "\\ud800"}\n')

    first, second, third, fourth = records(path)

    assert first == (1, {"title": "a"})
    assert second == (3, "not a JSON object")
    assert third[0] == 4
    assert str(third[1]).startswith("not JSON")
    assert (fourth[0], str(fourth[1])[:8]) == (5, "not JSON")


@pytest.mark.parametrize(
    "name, content, complaint",
    [
        ("missing.csv", None, "There is no file"),
        ("broken.csv.gz", b"no gzip", "cannot be unpacked"),
        ("broken.csv.zip", b"no zip", "cannot be unpacked"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(Unreadable, match=complaint):
        list(records(tmp_path / name))


def test_a_chunk_ends_where_line_numbers_jump() -> None:
    lines = [(2, ["a"]), (3, ["b"]), (5, ["c"])]

    assert [[line for line, _ in chunk] for chunk in chunks(lines, consecutive=True)] == [[2, 3], [5]]


def test_a_chunk_ends_where_its_rows_are_many_or_large() -> None:
    large = {"description": "x" * (MOST_BYTES // 3)}

    assert [len(chunk) for chunk in chunks(enumerate([large] * 5))] == [2, 2, 1]
    assert [len(chunk) for chunk in chunks(enumerate([{"n": 1}] * 1_001))] == [1_000, 1]
    assert [len(chunk) for chunk in chunks(enumerate([large, {"description": "x" * 2 * MOST_BYTES}]))] == [1, 1]


def test_a_row_stands_on_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text('name,note\nAlpha,"two\nlines"\n\nBeta,"one"\n')

    assert [line for line, _ in table(path)] == [1, 2, 5]


def test_a_fingerprint_is_of_what_is_packed(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "b.csv.gz"
    plain.write_text(CSV)
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    assert fingerprint(plain) == fingerprint(packed)


def test_rejects_are_written_with_line_and_reason_and_without_formulas(tmp_path: Path) -> None:
    report = Report(rejects=[Reject(7, "title: is missing", "=cmd()")])

    path = write_rejects(report, tmp_path / "feed.csv")

    assert path == tmp_path / "feed.csv.rejects.csv"
    assert path.read_text().splitlines() == ["line,reason,id", "7,title: is missing,'=cmd()"]
    assert write_rejects(Report(), tmp_path / "clean.csv") is None
