"""Is a registry's file one registry, or the same registry as of several days?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from engines.datasets.facts import Headings, day
from engines.datasets.reading import Row, Table, Unread, read_table
from engines.datasets.registry import Layout, UnknownLayout, layout_of


class NewestRows:
    """The rows of a registry; of one that lists the same facilities as of several days, those of its newest day."""

    def __init__(self, table: Table, path: Path, headings: Headings) -> None:
        self._table = table
        self._column, self._earlier = _earlier_in(path, headings, table.header)
        self.skipped = 0
        """Rows of earlier days, counted while they are iterated."""

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
    """The column of the days, and those of the file that are not its newest."""
    try:
        layout = layout_of(headings, header)
    except UnknownLayout:  # as whoever takes the rows will find
        return 0, {}
    with read_table(path) as table:
        earlier = earlier_days(layout, (row.cells for row in table.rows if isinstance(row, Row)))
    return (layout.identity["as_of"][0], earlier) if earlier else (0, {})


def earlier_days(layout: Layout, rows: Iterable[Sequence[str]]) -> dict[str, date]:
    """As written, the days of a file of snapshots that are not its newest one; none for any other file.

    A snapshot is a day of which the file lists at least half as many facilities as of its fullest, and snapshots they
    are only if at least half of the facilities stand in several: neither one row that is repeated nor one mistyped day
    makes a file a file of snapshots.
    """
    if not layout.identity["as_of"]:
        return {}
    when, facility_id = layout.identity["as_of"][0], layout.identity["facility_id"][0]
    seen: dict[str, set[str]] = {}
    for cells in rows:
        seen.setdefault(cells[when].strip(), set()).add(cells[facility_id].strip())
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
