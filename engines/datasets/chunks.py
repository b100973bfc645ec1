"""How are the rows of a file divided into requests?

The command line and the worker that fetches datasets divide a file alike, so that both have the same effect. Each part
has the fields of a request that do not depend on who sends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import to_json

from engines.datasets.crm import renamed
from engines.datasets.derived import derived
from engines.datasets.facts import Headings
from engines.datasets.headings import column
from engines.datasets.json_rows import as_text
from engines.datasets.reading import File, Record, Row, Table, Unread
from engines.datasets.snapshots import NewestRows

T = TypeVar("T")

CHUNK = 1_000
MOST_BYTES = 2_000_000
"""The maximum size of the rows in one request, if the message broker accepts as much."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table for one request, and the rows that cannot be read."""

    header: list[str]
    rows: list[Row]
    unread: list[Unread]
    last_line: int
    final: bool
    cut: str | None
    """Why the file may be truncated; known once all rows are read."""

    def __len__(self) -> int:
        return len(self.rows) + len(self.unread)

    @property
    def fields(self) -> dict[str, Any]:
        """What a request states about these rows."""
        return {
            "header": self.header,
            "rows": [row.cells for row in self.rows],
            "lines": [row.line for row in self.rows],
            "unread": [{"line": row.line, "reason": row.reason, "begins": row.begins} for row in self.unread],
            "cut": self.cut if self.final else None,
            "final": self.final,
        }


class TableParts:
    """The parts of a table. Of a registry with several days, the newest; of a file to be summed up, its sums."""

    def __init__(self, file: File, path: Path, headings: Headings, *, registry: bool, most: int = MOST_BYTES) -> None:
        self._file, self._most = file, most
        table: Table = file.table()
        self.newest = NewestRows(table, path, headings) if registry else None
        sums = None if registry else derived(headings, table)
        self.header = sums.header if sums else table.header
        self._rows: Iterable[Row | Unread] = self.newest or sums or table.rows

    def __iter__(self) -> Iterator[Part]:
        """Each part; an empty file is one empty final part."""
        numbered = ((row.line, row) for row in self._rows)
        for chunk, final in with_last(chunks(numbered, self._most)):
            rows = [row for _, row in chunk if isinstance(row, Row)]
            unread = [row for _, row in chunk if isinstance(row, Unread)]
            last_line = chunk[-1][0] if chunk else 0
            yield Part(self.header, rows, unread, last_line, final, self._file.findings.cut)


def as_stated(row: Record, headings: Headings, spellings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A row by column name, with its line: the pack's account key becomes `facility_id`, and `spellings` ours."""
    known = [*headings.identity.get("facility_id", ()), headings.key.title, headings.key.column]
    keys = {column(heading): "facility_id" for heading in known}
    names = renamed(list(row.values), spellings or {}, keys)
    return dict(zip(names, map(as_text, row.values.values()), strict=True)) | {"line": row.line}


def chunks(
    rows: Iterable[tuple[int, T]], most: int = MOST_BYTES, most_rows: int = CHUNK
) -> Iterator[list[tuple[int, T]]]:
    """Rows in chunks that fit into one request."""
    chunk: list[tuple[int, T]] = []
    size = 0
    for line, row in rows:
        more = len(to_json(row))
        if chunk and (len(chunk) == most_rows or size + more > most):
            yield chunk
            chunk, size = [], 0
        chunk.append((line, row))
        size += more
    if chunk:
        yield chunk


def with_last(chunks: Iterator[list[T]]) -> Iterator[tuple[list[T], bool]]:
    """Each chunk, and whether it is the last one; an empty file is one empty last chunk."""
    current = next(chunks, [])
    for following in chunks:
        yield current, False
        current = following
    yield current, True
