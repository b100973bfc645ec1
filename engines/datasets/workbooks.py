"""What rows does a workbook (.xlsx) have?"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from engines.datasets.rows import Findings, Row, Unread, Unreadable, fitted

LARGEST = 300_000_000
"""The maximum number of bytes of XML; shared strings are in memory."""
MOST_ROWS = 1_048_576
"""The maximum number of rows of a sheet.

A row can state a high row number, and all empty rows before it would be read.
"""


def table(name: str, content: IO[bytes], findings: Findings) -> tuple[list[str], Iterator[Row | Unread]]:
    """The header and rows of the first sheet that has any; raises `Unreadable`."""
    with zipfile.ZipFile(content) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise Unreadable(f"{name} unpacks to more than {LARGEST:,} bytes; save it as CSV.")
    rows = _guarded(name, _cells(name, content, findings))
    for _, cells in rows:
        if any(map(str.strip, cells)):
            while not cells[-1].strip():
                cells.pop()
            return cells, _rows(rows, len(cells), findings)
        findings.blank += 1
    raise Unreadable(f"{name} is empty.")


def _rows(rows: Iterator[tuple[int, list[str]]], width: int, findings: Findings) -> Iterator[Row | Unread]:
    for line, cells in rows:
        if any(map(str.strip, cells)):
            yield fitted(line, line, cells, width)
        else:
            findings.blank += 1


def _guarded(name: str, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line, cells in rows:
                yield line, cells
    except (Unreadable, GeneratorExit):
        raise
    # For a damaged workbook the library can raise any exception.
    except Exception as error:
        where = f", line {line + 1}" if line else ""
        raise Unreadable(f"{name}{where}: the workbook cannot be read: {error}.") from error


def _cells(name: str, content: IO[bytes], findings: Findings) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # here, because only workbooks need it

    content.seek(0)
    book = load_workbook(content, read_only=True, data_only=True)
    found = False
    for sheet in book.worksheets:
        if found:
            findings.remark(f"Only the first sheet with rows was read; {sheet.title!r} and later sheets were not.")
            return
        sheet.reset_dimensions()  # the size that a workbook states is often wrong
        for line, row in enumerate(sheet.iter_rows(), 1):
            if line > MOST_ROWS:
                raise Unreadable(f"{name}: sheet {sheet.title!r} has more than {MOST_ROWS:,} rows; save it as CSV.")
            cells = [_text(cell) for cell in row]
            found = found or any(cells)
            yield line, cells


def _text(cell: Any) -> str:
    """The text of a cell as the sheet displays it, as far as possible."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\0", "")


def _number(value: float, shown: str | None) -> str:
    """An integer without `.0`, and with leading zeros if the sheet displays them (`000000`)."""
    if value != value or value in (float("inf"), float("-inf")) or value != int(value):
        return repr(value)
    zeros = re.fullmatch(r"0{2,15}", shown or "")
    return str(int(value)).zfill(len(zeros[0]) if zeros else 0)
