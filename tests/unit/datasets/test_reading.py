"""Are the rows of a file read correctly in every encoding, format and archive?"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from engines.datasets.reading import Note, Record, Row, Unread, Unreadable, opened
from engines.datasets.unpacking import unpacked
from tests.support.reading import read, rows_of

CSV = "CCN,Provider Name,City\n335001,Alpha,Albany\n\n335002,Béta,Troy\n"
ROWS = [(2, ["335001", "Alpha", "Albany"]), (4, ["335002", "Béta", "Troy"])]


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def workbook(*rows: list[object], sheets: int = 1) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    for _ in range(sheets - 1):
        book.create_sheet().append(["more"])
    book.save(content)
    return content.getvalue()


def separated_by(sign: str) -> bytes:
    return CSV.replace(",", sign).encode()


READABLE: dict[str, bytes] = {
    "utf-8": CSV.encode(),
    "with a byte order mark": CSV.encode("utf-8-sig"),
    "windows-1252": CSV.encode("cp1252"),
    "utf-16": CSV.encode("utf-16"),
    "utf-16, big end first": b"\xfe\xff" + CSV.encode("utf-16-be"),
    "utf-16 without a mark": CSV.encode("utf-16-le"),
    "utf-16 without a mark, big end first": CSV.encode("utf-16-be"),
    "utf-32": CSV.encode("utf-32"),
    "semicolons": separated_by(";"),
    "tabs": separated_by("\t"),
    "bars": separated_by("|"),
    "line ends of Windows": CSV.replace("\n", "\r\n").encode(),
    "line ends of the old Mac": CSV.replace("\n", "\r").encode(),
    "blanks before quotes": b'"CCN", "Provider Name", "City"\n"335001", "Alpha", "Albany"\n\n'
    b'"335002", "B\xc3\xa9ta", "Troy"\n',
    "gzip": gzip.compress(CSV.encode()),
    "zip": zipped(**{"a.csv": CSV.encode()}),
    "zip of a Mac": zipped(**{"a.csv": CSV.encode(), "__MACOSX/._a.csv": b"\0\5", ".DS_Store": b"x"}),
    "zip with a readme": zipped(**{"A.CSV": CSV.encode(), "readme.pdf": b"%PDF"}),
    "zip of gzip": zipped(**{"a.csv.gz": gzip.compress(CSV.encode())}),
    "workbook": workbook(["CCN", "Provider Name", "City"], [335001, "Alpha", "Albany"], [], ["335002", "Béta", "Troy"]),
}


@pytest.mark.parametrize("name", ["file.csv", "FILE.ZIP", "file"])
@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE)
def test_a_file_is_recognized_by_its_content_and_not_by_its_name(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)

    header, rows = rows_of(tmp_path / name)

    assert (header, rows) == (["CCN", "Provider Name", "City"], ROWS)


def test_a_first_line_may_define_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('sep=;\nname;note\nAlpha;a, b, c\n"Be;ta";x\n')

    assert rows_of(path) == (["name", "note"], [(3, ["Alpha", "a, b, c"]), (4, ["Be;ta", "x"])])


def damaged(content: bytes) -> bytes:
    return content[: len(content) // 2] + bytes(byte ^ 0x5A for byte in content[len(content) // 2 :])


def encrypted() -> bytes:
    content = bytearray(zipped(**{"a.csv": CSV.encode()}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    return bytes(content)


def deflate64() -> bytes:
    content = bytearray(zipped(**{"a.csv": CSV.encode()}))
    content[content.index(b"PK\x01\x02") + 10] = 9
    content[8] = 9
    return bytes(content)


MUCH = "".join(f"33{n:04d},Home {n * 7919 % 1000},City\n" for n in range(3_000)).encode()
REFUSED: dict[str, tuple[bytes, str]] = {
    "gzip that is damaged": (damaged(gzip.compress(MUCH)), "cannot be unpacked; it is damaged or cut short"),
    "gzip that is cut": (gzip.compress(MUCH)[:-9], "cannot be unpacked; it is damaged or cut short"),
    "zip that is damaged": (zipped(**{"a.csv": MUCH})[:2_000] + b"\0" * 99, "cannot be unpacked"),
    "zip that is cut": (zipped(**{"a.csv": MUCH})[:-30], "cannot be unpacked"),
    "zip with a password": (encrypted(), "is encrypted; unpack it with its password"),
    "zip by Deflate64": (deflate64(), "packed in a way that cannot be unpacked here .Deflate64"),
    "zip of two tables": (zipped(**{"a.csv": b"a", "b.csv": b"b"}), r"contains 2 files \(a.csv, b.csv\)"),
    "empty zip": (zipped(), "contains 0 files"),
    "pdf": (b"%PDF-1.7", "is a PDF"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as .xlsx or CSV"),
    "web page": (b"\n<!DOCTYPE html><html>503</html>", "web page"),
    "nothing": (b"", "is empty"),
    "blank lines": (b"\n \n,,\n", "is empty"),
    "object over several lines": (
        b'{\n "a": 1\n}\n',
        "neither JSON objects, one per line, nor an array of them; line 1: not",
    ),
    "array that breaks off": (b'[{"a": 1}, {"a"', "line 1: the JSON array cannot be read"),
    "invalid workbook": (zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "workbook"),
    "line without an end": (b"a,b\n" + b"x" * 5_000_000, "has a line of 5,000,00. bytes"),
    "header with a stray quote": (b'CCN,"Name,City\n1,2,3\n', "line 1: the header cannot be read: a quote opens"),
}


@pytest.mark.parametrize("content, complaint", REFUSED.values(), ids=REFUSED)
def test_a_file_without_a_table_is_refused_with_a_sentence_and_its_name(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    with pytest.raises(Unreadable, match=complaint) as refused:
        read(path)

    assert "list.csv" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is a folder"):
        read(tmp_path)
    with pytest.raises(Unreadable, match="There is no file"):
        read(tmp_path / "none.csv")


def test_an_archive_that_would_fill_the_disk_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * 3_000_000))

    with (
        pytest.raises(Unreadable, match="unpacks to more than 1,000,000 bytes"),
        unpacked(tmp_path / "bomb.gz", largest=1_000_000),
    ):
        pass


def test_a_line_in_another_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name\nPEÑASCO\nST ANNE".encode() + b"\x92S\nOK\n")

    _, rows, file = read(path)

    assert [row.cells for row in rows if isinstance(row, Row)] == [["PEÑASCO"], ["ST ANNE’S"], ["OK"]]
    assert file.findings.warnings == [Note(3, "not UTF-8 like the rest of the file; read as Windows-1252")]


def test_a_file_in_windows_1252_has_one_remark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name\nPEÑASCO\nRENÉ\n".encode("cp1252"))

    _, _, file = read(path)

    assert (file.findings.warnings, len(file.findings.remarks)) == ([], 1)


def test_missing_cells_are_read_as_empty_and_surplus_ones_must_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1\n1,2,3,,\n1,2,3,,x\n")

    _, rows, _ = read(path)

    assert rows[:2] == [Row(2, 2, ["1", "", ""]), Row(3, 3, ["1", "2", "3"])]
    assert rows[2] == Unread(4, 4, "5 cells where the header has 3; surplus: 'x'", "1")


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('name,note,city\nAlpha,"two\nlines, and\nmore",Troy\n\nBeta,"o""ne",Rome\n')

    _, rows, file = read(path)

    assert rows == [Row(2, 4, ["Alpha", "two\nlines, and\nmore", "Troy"]), Row(6, 6, ["Beta", 'o"ne', "Rome"])]
    assert file.findings.blank == 1


FIVE = [f"33500{n},Home {n},{n} Elm St,Albany,NY" for n in range(2, 7)]


def with_quotes(*changes: tuple[int, str, str]) -> str:
    lines = ["CCN,Name,Address,City,State", *FIVE]
    for line, old, new in changes:
        lines[line - 1] = lines[line - 1].replace(old, new)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "text, line, reason",
    [
        (with_quotes((3, "Home", '"Home')), 3, "never closed (lines 3 to 6)"),
        (with_quotes((3, "3 Elm", '"3 Elm'), (5, "Elm St", 'Elm "St"')), 3, "within a later line (lines 3 to 5)"),
        (with_quotes((3, "3 Elm", '"3 Elm'), (5, "Elm St", 'Elm St"')), 3, "closes on line 5 (lines 3 to 5"),
        (with_quotes((3, "3 Elm", '"3 Elm'), (4, "Elm St", 'Elm St"')), 3, "closes on line 4 (lines 3 to 4"),
        (with_quotes((3, "335003", '"335003'), (6, "Home 6", 'Home 6"')), 3, "closes on line 6 (lines 3 to 6"),
        (with_quotes((3, "Home 3", '"Home" 3')), 3, "text follows the quote that closes a cell"),
    ],
    ids=["never closed", "closed in a cell", "closed at a cell's end", "in the next line", "first column", "one line"],
)
def test_a_stray_quote_is_reported_and_the_lines_after_it_are_read(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)

    _, rows, _ = read(path)

    unread = [row for row in rows if isinstance(row, Unread)]
    assert [(row.line, row.last, row.begins[:5]) for row in unread] == [(line, line, text.splitlines()[line - 1][:5])]
    assert reason in unread[0].reason
    assert [row.line for row in rows] == [2, 3, 4, 5, 6]


def test_lines_of_a_broken_row_are_read_only_if_they_are_complete_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,name,note\n1,Alpha,"a \n2,b\nc" d\n3,Beta,x\n')

    _, rows, _ = read(path)

    assert [(type(row), row.line) for row in rows] == [(Unread, 2), (Unread, 3), (Unread, 4), (Row, 5)]


def test_reading_stops_after_too_many_broken_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" + '"x" y,1\n' * 1_002)

    with pytest.raises(Unreadable, match=r"line 1002: quotes are broken in more than 1,000 rows"):
        read(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "text, cut",
    [
        ("a,b\n1,2\n3,4\n", None),
        ("a,b\n1,2\n3,4", "line 3, the last one, does not end like the others"),
        ("a,b\n1,2\n3\n", "line 3, the last one, has fewer cells than any other"),
        ("a,b\n1\n3\n", None),
        ("a,b\r\n1,2\r\n\r\n", None),
    ],
)
def test_a_file_that_may_be_truncated_is_reported(tmp_path: Path, text: str, cut: str | None) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())

    _, _, file = read(path)

    assert file.findings.cut == cut


def test_a_truncated_last_line_is_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ccn,name\n335001,Alpha Care Center\n3350")

    _, rows, _ = read(path)

    assert rows[1] == Unread(3, 3, "breaks off: 1 cells of 2, and no line end", "3350")


def records(path: Path) -> list[Record | Unread]:
    with opened(path) as file:
        return list(file.records())


def as_lines(objects: list[dict[str, object]]) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


@pytest.mark.parametrize("written", [as_lines, json.dumps, lambda rows: json.dumps(rows, indent=1)])
def test_json_may_be_lines_or_an_array(tmp_path: Path, written: Callable[[object], str]) -> None:
    path = tmp_path / "feed.txt"
    path.write_text(written([{"Title": "a]", "n": 1}, {"Title": "b", "Source Date": None}]))

    found = records(path)

    assert [one.values for one in found if isinstance(one, Record)] == [
        {"title": "a]", "n": 1},
        {"title": "b", "source_date": None},
    ]
    assert rows_of(path)[0] == ["Title", "n", "Source Date"]
    assert [cells for _, cells in rows_of(path)[1]] == [["a]", "1", ""], ["b", "", ""]]


def test_invalid_json_is_reported_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"title": "a"}\n\n[1]\nnonsense\n{"title": "\\ud800"}\n')

    found = records(path)

    assert found[0] == Record(1, {"title": "a"})
    assert [(one.line, one.reason[:8]) for one in found[1:] if isinstance(one, Unread)] == [
        (3, "not a JS"),
        (4, "not JSON"),
        (5, "not JSON"),
    ]


def test_an_array_is_read_incrementally(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([{"id": n, "text": "x" * 997} for n in range(2_000)]))

    assert [one.values["id"] for one in records(path) if isinstance(one, Record)] == list(range(2_000))


@pytest.mark.parametrize("deep", [60, 300])
@pytest.mark.parametrize("written", ["{}", "[{}]"])
def test_json_nested_too_deeply_is_reported_and_the_other_lines_are_read(
    tmp_path: Path, deep: int, written: str
) -> None:
    path = tmp_path / "p.jsonl"
    separator = "," if written == "[{}]" else "\n"
    path.write_text(written.format(separator.join(['{"a":1}', '{"a":' + "[" * deep + "]" * deep + "}", '{"a":2}'])))

    _, found, _ = read(path)

    assert [type(one) for one in found] == [Row, Unread, Row]


def test_a_workbook_with_an_impossible_row_number_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO(workbook(["a", "b"], [1, 2]))
    with zipfile.ZipFile(content) as archive, zipfile.ZipFile(tmp_path / "f.xlsx", "w") as changed:
        for name in archive.namelist():
            changed.writestr(name, archive.read(name).replace(b'<row r="2"', b'<row r="999999999999"'))

    with pytest.raises(Unreadable, match="more than 1,048,576 rows"):
        rows_of(tmp_path / "f.xlsx")


@pytest.mark.parametrize("heading", ["Source Date", "source_date", "SOURCE-DATE", " Source  Date "])
def test_headings_are_read_in_any_case(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"CCN,{heading}\n335001,2026-07-01\n335002,\n")

    assert records(path) == [
        Record(2, {"ccn": "335001", "source_date": "2026-07-01"}),
        Record(3, {"ccn": "335002"}),
    ]


def test_two_columns_with_one_name_are_refused_and_one_without_a_name_is_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,,A \n1,2,3\n")
    with pytest.raises(Unreadable, match="columns 1 and 3 are both called 'A'; rename"):
        records(path)

    path.write_text("a,,b\n1,2,3\n")
    assert records(path) == [Record(2, {"a": "1", "column_2": "2", "b": "3"})]


def test_numbers_and_dates_of_a_workbook_are_read_as_displayed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["ccn", "day", "share", "yes"])
    sheet.append([15009, date(2026, 7, 1), 0.25, True])
    sheet["A2"].number_format = "000000"
    book.save(tmp_path / "a.xlsx")

    assert rows_of(tmp_path / "a.xlsx")[1] == [(2, ["015009", "2026-07-01", "0.25", "TRUE"])]


def test_unread_sheets_of_a_workbook_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(["a"], ["1"], sheets=2))

    _, rows, file = read(tmp_path / "a.xlsx")

    assert len(rows) == 1
    assert re.match("Only the first sheet with rows was read; 'Sheet1' and later", file.findings.remarks[0])


def test_a_fingerprint_is_that_of_the_unpacked_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    (tmp_path / "b.csv").write_bytes(gzip.compress(CSV.encode()))

    assert read(tmp_path / "a.csv")[2].sha256 == read(tmp_path / "b.csv")[2].sha256
