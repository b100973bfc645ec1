"""What rows are in a file that a person hands over?

A file is recognized by its content, never by its name: CSV with any usual delimiter and encoding, JSON (an array, or an
object a line), or a workbook (.xlsx), each plain, gzipped or alone in a zip. Nothing is interpreted here. Every line of
a file ends up in exactly one place: a row, a row that could not be read (`Unread`, with its first and last line), or
the count of blank lines.
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
from engines.datasets.rows import Note, Noticed, Row, Unread, Unreadable
from engines.datasets.unpacking import is_workbook, unpacked

__all__ = ["File", "Note", "Record", "Row", "Table", "Unread", "Unreadable", "opened", "read_table"]


@dataclass(frozen=True, slots=True)
class Record:
    """A row by the names of its columns (`source_date` for "Source Date"); cells that are empty are left out."""

    line: int
    values: dict[str, Any]


class File:
    """A file, unpacked; `noticed` fills while its rows are read."""

    def __init__(self, name: str, content: IO[bytes]) -> None:
        self.name = name
        self._content = content
        self.noticed = Noticed([], [])

    @cached_property
    def _survey(self) -> Survey:
        return survey(self._content)

    @property
    def sha256(self) -> str:
        """Of the content, which is the same however it is packed."""
        return self._survey.sha256

    def table(self, keep_empty: bool = False) -> Table:
        """Raises `Unreadable` if there is no row that could be a header. `keep_empty`: so are rows all empty (`,,`)."""
        if is_workbook(self._content):
            found = workbooks.table(self.name, self._content, self.noticed)
        elif json_rows.is_json(text := self._text()):
            found = json_rows.table(self.name, text)
        else:
            found = delimited.table(self.name, text, self.noticed, keep_empty)
        return Table(self, *found)

    def records(self) -> Iterator[Record | Unread]:
        """Rows by column; values of JSON keep their type. Raises `Unreadable`."""
        if is_workbook(self._content) or not json_rows.is_json(text := self._text()):
            yield from self.table().records()
            return
        for line, content in json_rows.objects(self.name, text):
            yield content if isinstance(content, Unread) else Record(line, as_columns(content))

    def _text(self) -> Text:
        return Text(self.name, self._content, self._survey, self.noticed)


@dataclass
class Table:
    """A header, and rows that have as many cells as it."""

    file: File
    header_line: int
    header: list[str]
    rows: Iterator[Row | Unread]

    def records(self) -> Iterator[Record | Unread]:
        """The rows by column; raises `Unreadable` if two columns have the same name."""
        columns = _columns(self.file.name, self.header)
        for row in self.rows:
            if isinstance(row, Unread):
                yield row
            else:
                yield Record(row.line, {name: cell for name, cell in zip(columns, row.cells, strict=True) if cell})


def _columns(file: str, header: list[str]) -> list[str]:
    """A column without a heading is called by its place, so that what is in it is not lost without a word."""
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
    """Raises `Unreadable`, in a sentence, for whatever is no file of rows."""
    with unpacked(path) as content:
        yield File(path.name, content)


@contextmanager
def read_table(path: Path, keep_empty: bool = False) -> Iterator[Table]:
    """Raises `Unreadable`."""
    with opened(path) as file:
        yield file.table(keep_empty)
