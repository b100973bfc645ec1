"""What rows are in a workbook (.xlsx)?"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from engines.datasets.rows import Noticed, Row, Unread, Unreadable, fitted

LARGEST = 300_000_000
"""Bytes of XML; shared texts are held in memory."""
MOST_ROWS = 1_048_576
"""Of a sheet. A row may claim to be a later one, and would be waited for through all the empty ones before it."""


def table(name: str, content: IO[bytes], noticed: Noticed) -> tuple[int, list[str], Iterator[Row | Unread]]:
    """The header and rows of the first sheet that has any; raises `Unreadable`."""
    with zipfile.ZipFile(content) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise Unreadable(f"{name} unpacks to more than {LARGEST:,} bytes; save it as CSV.")
    rows = _guarded(name, _cells(name, content, noticed))
    for line, cells in rows:
        if any(map(str.strip, cells)):
            while not cells[-1].strip():
                cells.pop()
            return line, cells, _rows(rows, len(cells), noticed)
        noticed.blank += 1
    raise Unreadable(f"{name} is empty.")


def _rows(rows: Iterator[tuple[int, list[str]]], width: int, noticed: Noticed) -> Iterator[Row | Unread]:
    for line, cells in rows:
        if any(map(str.strip, cells)):
            yield fitted(line, line, cells, width)
        else:
            noticed.blank += 1


def _guarded(name: str, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line, cells in rows:
                yield line, cells
    except (Unreadable, GeneratorExit):
        raise
    # The library lets out whatever a damaged part of a workbook makes it stumble over.
    except Exception as error:
        where = f", line {line + 1}" if line else ""
        raise Unreadable(f"{name}{where}: the workbook cannot be read: {error}.") from error


def _cells(name: str, content: IO[bytes], noticed: Noticed) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # here, because only who reads a workbook needs it

    content.seek(0)
    book = load_workbook(content, read_only=True, data_only=True)
    said = False
    for sheet in book.worksheets:
        if said:
            noticed.remark(f"Only the first sheet with rows was read; {sheet.title!r} and whatever follows was not.")
            return
        sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
        for line, row in enumerate(sheet.iter_rows(), 1):
            if line > MOST_ROWS:
                raise Unreadable(f"{name}: sheet {sheet.title!r} has more than {MOST_ROWS:,} rows; save it as CSV.")
            cells = [_text(cell) for cell in row]
            said = said or any(cells)
            yield line, cells


def _text(cell: Any) -> str:
    """As the sheet shows it, as far as that can be told."""
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
    """A whole number without `.0`; with leading zeros, where the sheet shows such (`000000`)."""
    if value != value or value in (float("inf"), float("-inf")) or value != int(value):
        return repr(value)
    zeros = re.fullmatch(r"0{2,15}", shown or "")
    return str(int(value)).zfill(len(zeros[0]) if zeros else 0)
