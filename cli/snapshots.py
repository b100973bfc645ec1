"""Which rows of a registry's file are imported, where it lists the same facilities as of several days?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engines.datasets.facts import Headings
from engines.datasets.reading import Row, Table, Unread, read_table
from engines.datasets.registry import UnknownLayout, layout_of
from engines.datasets.snapshots import earlier_days
from shared.packs import section

if TYPE_CHECKING:
    from cli.importing import Report


def newest_of(table: Table, path: Path, report: Report) -> Iterator[Row | Unread]:
    """The rows of a registry; of one that lists the same facilities as of several days, those of its newest day."""
    try:
        layout = layout_of(section("fields", Headings), table.header)
    except UnknownLayout:  # as ingest will say
        yield from table.rows
        return
    with read_table(path) as again:
        earlier = earlier_days(layout, (row.cells for row in again.rows if isinstance(row, Row)))
    passed = 0
    for row in table.rows:
        if earlier and isinstance(row, Row) and row.cells[layout.identity["as_of"][0]].strip() in earlier:
            passed += 1
        else:
            yield row
    if earlier:
        report.rows += passed
        report.counts["skipped_earlier_day"] = passed
        days = ", ".join(map(str, sorted(set(earlier.values()))))
        report.remarks.append(
            f"It is the same registry as of several days, of which only the newest was taken, not {days}."
            f" `pipeline import aliases {path.name}` takes the names that facilities had before."
        )
