"""How does a test read a complete file?"""

from __future__ import annotations

from pathlib import Path

from engines.datasets.reading import File, Row, Unread, opened


def read(path: Path) -> tuple[list[str], list[Row | Unread], File]:
    """Header, rows, and the file with its findings."""
    with opened(path) as file:
        table = file.table()
        return table.header, list(table.rows), file


def rows_of(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header, and line and cells of every row that can be read."""
    header, rows, _ = read(path)
    return header, [(row.line, row.cells) for row in rows if isinstance(row, Row)]
