"""Does a registry file contain one snapshot of a registry, or several of different days?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from engines.datasets.facts import Headings, day
from engines.datasets.reading import Row, Table, Unread, read_table
from engines.datasets.registry import Layout, UnknownLayout, layout_of


class NewestRows:
    """The rows of a registry; if it contains snapshots of several days, those of the newest."""

    def __init__(self, table: Table, path: Path, headings: Headings) -> None:
        self._table = table
        self._column, self._earlier = _earlier_in(path, headings, table.header)
        self.skipped = 0
        """The number of rows of earlier days, counted during iteration."""

    @property
    def earlier(self) -> list[date]:
        """The days whose rows are skipped."""
        return sorted(set(self._earlier.values()))

    def __iter__(self) -> Iterator[Row | Unread]:
        for row in self._table.rows:
            if self._earlier and isinstance(row, Row) and row.cells[self._column].strip() in self._earlier:
                self.skipped += 1
            else:
                yield row


def _earlier_in(path: Path, headings: Headings, header: Sequence[str]) -> tuple[int, dict[str, date]]:
    """The column of the days, and the earlier days in it."""
    try:
        layout = layout_of(headings, header)
    except UnknownLayout:  # the reader of the rows reports it
        return 0, {}
    with read_table(path) as table:
        earlier = earlier_days(layout, (row.cells for row in table.rows if isinstance(row, Row)))
    return (layout.identity["as_of"][0], earlier) if earlier else (0, {})


def earlier_days(layout: Layout, rows: Iterable[Sequence[str]]) -> dict[str, date]:
    """The days of a file of snapshots except the newest, as written; empty for any other file.

    A day is a snapshot if the file lists at least half as many facilities for it as for its largest day. A file is one
    of snapshots only if at least half of the facilities are in several: neither a repeated row nor a mistyped day
    suffices.
    """
    if not layout.identity["as_of"]:
        return {}
    when, columns = layout.identity["as_of"][0], layout.keys.columns
    seen: dict[str, set[tuple[str, ...]]] = {}
    for cells in rows:
        seen.setdefault(cells[when].strip(), set()).add(tuple([cells[at].strip() for at in columns]))
    fullest = max(map(len, seen.values()), default=0)
    days = {written: found for written in seen if 2 * len(seen[written]) >= fullest and (found := _day(written))}
    often = Counter(each for written in days for each in seen[written])
    if len(days) < 2 or 2 * sum(count > 1 for count in often.values()) < fullest:
        return {}
    newest = max(days.values())
    return {written: found for written, found in days.items() if found < newest}


def _day(written: str) -> date | None:
    try:
        return day(written)
    except ValueError:
        return None
