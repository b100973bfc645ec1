"""What are the pack's key figures, from the events in the log?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from engines import packs
from engines.figures.computing import Case, Figure, Span, figure_of, subjects_needed, values_of
from engines.figures.pack import Kpi, kpis_in
from engines.figures.tables import Event, Occurrences, Tables
from services.console.store import events as store
from shared.clock import local_date
from shared.contracts import topology
from shared.storage.database import Tx


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


class Known:
    """The occurrences that were known last, in the memory of this process, and how far the log was read for them."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.pack = packs.pack_folder()
        self.read = store.Place()
        self.occurrences = Occurrences(())


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
    """What the log states by now; only what was added to it since is read."""
    known: Known = tx.cache.setdefault("figures", Known())
    async with known.lock:
        subjects = sorted(subjects_needed(kpis(), Span(tx.today, tx.now)))
        now = await store.place(tx)
        if (known.read.log, known.pack) != (now.log, packs.pack_folder()):
            known.read, known.pack = store.Place(), packs.pack_folder()
            known.occurrences = Occurrences({name for kpi in kpis() for name in kpi.kinds})
        if added := await store.since(tx, subjects, known.read, now):
            known.read = store.Place()  # if this does not come to its end, everything is read again
            await asyncio.to_thread(_add, known.occurrences, added)
        known.read = now
        return Measures(known.occurrences.tables, tx.today, tx.now)


def _add(occurrences: Occurrences, added: Iterable[store.Logged]) -> None:
    zone = packs.calendar().timezone
    occurrences.add(Event(each.event_id, each.subject, each.at, local_date(each.at, zone), each.data) for each in added)


def chosen(cases: Iterable[Case], where: Mapping[str, str]) -> list[Case]:
    """The cases whose columns have these values."""
    return [
        case
        for case in cases
        if all(value in map(str, values_of(case.first, column)) for column, value in where.items())
    ]
