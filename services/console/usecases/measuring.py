"""What are the pack's key figures, from the events in the log?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from engines import packs
from engines.figures.computing import Case, Figure, Span, figure_of, subjects_needed, values_of
from engines.figures.pack import Kpi, kpis_in
from engines.figures.tables import Event, Tables, tables_of
from shared.clock import local_date
from shared.contracts import topology
from shared.storage.arrays import texts
from shared.storage.database import Tx

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """The occurrences of all kinds that the figures need."""

    tables: Tables
    today: date
    now: datetime

    def figure(self, kpi: Kpi, since: date | None, until: date) -> Figure:
        """Of these days; a figure without a window is of all days until the last one, whatever is asked."""
        first = None if kpi.window_days is None else since
        return figure_of(kpi, self.tables, topology.PUBLISHERS, Span(self.today, self.now, first, until))


class Latest:
    """The occurrences until the log has another event: reading them again for each page would take too long."""

    def __init__(self) -> None:
        self.key: Key = ()
        self.tables: Tables = {}


_latest = Latest()


@cache
def kpis() -> tuple[Kpi, ...]:
    """The key figures of the pack, in its order; none if it defines none."""
    folder = packs.pack_folder()
    return kpis_in(folder) if (folder / "kpis.yaml").exists() else ()


def kpis_of(*groups: str) -> list[Kpi]:
    return [kpi for kpi in kpis() if kpi.group in groups]


def kpi_named(name: str) -> Kpi | None:
    return next((kpi for kpi in kpis() if kpi.name == name), None)


async def measures(tx: Tx) -> Measures:
    """What the log states by now."""
    subjects = sorted(subjects_needed(kpis(), Span(tx.today, tx.now)))
    key = await _key(tx, subjects)
    if key != _latest.key:
        found = await tx.dicts(
            "SELECT event_id::text, subject, at, data FROM log WHERE subject = ANY(%(subjects)s)",
            subjects=texts(subjects),
        )
        zone = packs.calendar().timezone
        events = [
            Event(row["event_id"], row["subject"], row["at"], local_date(row["at"], zone), row["data"]) for row in found
        ]
        _latest.tables = await asyncio.to_thread(_tables, events)
        _latest.key = key
    return Measures(_latest.tables, tx.today, tx.now)


def _tables(events: Sequence[Event]) -> Tables:
    return tables_of({name for kpi in kpis() for name in kpi.kinds}, events)


async def _key(tx: Tx, subjects: Sequence[str]) -> Key:
    """Changes with every event, also with one that arrives after a later one."""
    [row] = await tx.dicts(
        """
        SELECT current_database() AS kept_by, count(*) AS events, max(event_id::text) AS latest
        FROM log WHERE subject = ANY(%(subjects)s)
        """,
        subjects=texts(subjects),
    )
    return (*row.values(), packs.pack_folder())


def chosen(cases: Iterable[Case], where: Mapping[str, str]) -> list[Case]:
    """The cases whose columns have these values."""
    return [
        case
        for case in cases
        if all(value in map(str, values_of(case.first, column)) for column, value in where.items())
    ]
