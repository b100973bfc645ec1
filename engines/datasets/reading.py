"""What rows does a file have, whatever its format?

A file is recognized by its content, never by its name: CSV with any usual delimiter and encoding, JSON (an array, or
one object per line), or a workbook (.xlsx), each plain, gzipped or alone in a zip. Cells are not interpreted here.
Every line of a file becomes part of exactly one of these: a row, an unreadable row (`Unread`, with its first and last
line), or the count of blank lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from engines.datasets import delimited, json_rows, workbooks
from engines.datasets.encodings import Survey, Text, survey
from engines.datasets.headings import as_columns, column
from engines.datasets.rows import Findings, Note, Row, Unread, Unreadable
from engines.datasets.unpacking import is_workbook, unpacked

__all__ = ["File", "Note", "Record", "Row", "Table", "Unread", "Unreadable", "opened", "read_table"]


@dataclass(frozen=True, slots=True)
class Record:
    """The values of a row by column name (`source_date` for "Source Date"), without empty cells."""

    line: int
    values: dict[str, Any]


class File:
    """An unpacked file; `findings` is filled while its rows are read."""

    def __init__(self, name: str, content: IO[bytes]) -> None:
        self.name = name
        self._content = content
        self.findings = Findings([], [])

    @cached_property
    def _survey(self) -> Survey:
        return survey(self._content)

    @property
    def sha256(self) -> str:
        """The hash of the unpacked content, which does not depend on the packing."""
        return self._survey.sha256

    def table(self, keep_empty: bool = False) -> Table:
        """Raises `Unreadable` if there is no header. With `keep_empty`, rows of empty cells (`,,`) are rows."""
        if is_workbook(self._content):
            found = workbooks.table(self.name, self._content, self.findings)
        elif json_rows.is_json(text := self._text()):
            found = json_rows.table(self.name, text)
        else:
            found = delimited.table(self.name, text, self.findings, keep_empty)
        return Table(self, *found)

    def records(self) -> Iterator[Record | Unread]:
        """The rows as records; JSON values keep their type. Raises `Unreadable`."""
        if is_workbook(self._content) or not json_rows.is_json(text := self._text()):
            yield from self.table().records()
            return
        for line, content in json_rows.objects(self.name, text):
            yield content if isinstance(content, Unread) else Record(line, as_columns(content))

    def _text(self) -> Text:
        return Text(self.name, self._content, self._survey, self.findings)


@dataclass
class Table:
    """A header, and rows with as many cells."""

    file: File
    header: list[str]
    rows: Iterator[Row | Unread]

    def records(self) -> Iterator[Record | Unread]:
        """The rows as records; raises `Unreadable` if two columns have the same name."""
        columns = _columns(self.file.name, self.header)
        for row in self.rows:
            if isinstance(row, Unread):
                yield row
            else:
                yield Record(row.line, {name: cell for name, cell in zip(columns, row.cells, strict=True) if cell})


def _columns(file: str, header: list[str]) -> list[str]:
    """The column names. A column without a heading is named by its position, so that its cells are not lost."""
    columns = [column(title) if title.strip() else f"column_{place}" for place, title in enumerate(header, 1)]
    for place, name in enumerate(columns):
        before = columns.index(name)
        if before != place:
            raise Unreadable(
                f"{file}: columns {before + 1} and {place + 1} are both called {header[place].strip()!r};"
                " rename or remove one of them."
            )
    return columns


@contextmanager
def opened(path: Path) -> Iterator[File]:
    """Open a file of rows; raises `Unreadable`, with a complete sentence, if it is not one."""
    with unpacked(path) as content:
        yield File(path.name, content)


@contextmanager
def read_table(path: Path, keep_empty: bool = False) -> Iterator[Table]:
    """Raises `Unreadable`."""
    with opened(path) as file:
        yield file.table(keep_empty)
