"""Which further names does a file give facilities?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.matcher.domain import aliases
from services.matcher.domain.directory import Directory, OtherName
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as store
from services.matcher.store.directory import FileName
from services.matcher.usecases.directory import directory_of
from services.matcher.usecases.outcomes import settle_anew
from shared.contracts.imports import ImportedRows, RejectedLine
from shared.contracts.matcher import ImportAliases
from shared.packs import headings
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@dataclass(frozen=True, slots=True)
class Row:
    """Of a file: which row, of which facility, with which names, and of which day it speaks, if it says so."""

    number: int
    facility_id: str
    names: list[OtherName]
    stated_on: date | None


@dataclass(slots=True)
class Rows:
    """What the rows of a file say, and what became of the others."""

    read: list[Row] = field(default_factory=list)
    rejects: list[RejectedLine] = field(default_factory=list)
    skipped: int = 0
    note: str | None = None


@router.command
async def import_aliases(request: ImportAliases, tx: Tx) -> ImportedRows:
    """A name that is known already stays as it is, and one that was taken away stays away; both however spelt."""
    known = await directory_of(tx)
    stated = [aliases.stated_in(row, headings().key) for row in request.rows]
    await tx.lock("state", {NOWHERE, *(known.facilities[each].state for each in stated if each in known.facilities)})
    committed = await directory_of(tx)
    rows = _read(request, committed)
    away = await store.names_taken_away(tx, [row.facility_id for row in rows.read])
    names, days = _new_names(rows.read, committed, away), _days(rows.read)
    change = await store.raise_version(tx)
    added = await store.add_names(
        tx, [FileName(*key, kind, request.file_name, days.get(key)) for key, (kind, _) in names.items()]
    )
    await store.date_names(tx, days)
    changed = sorted({facility_id for facility_id, _ in added})
    await store.touch_facilities(tx, changed, change)
    await settle_anew(tx, committed, changed)
    imported = len({names[key][1] for key in added})
    return ImportedRows(
        imported=imported,
        unchanged=len(rows.read) - imported,
        skipped_other_state=rows.skipped,
        rejects=rows.rejects,
        note=rows.note,
    )


def _read(request: ImportAliases, directory: Directory) -> Rows:
    rows, known, key = Rows(), headings(), headings().key
    for number, row in enumerate(request.rows, 1):
        try:
            stated = aliases.state_in(row, known.names)
            facility = directory.facilities.get(aliases.stated_in(row, key))
            state = facility.state if facility else stated
            if request.state and state and state != request.state:
                rows.skipped += 1
                continue
            cells = {title: cell for title, cell in row.items() if title != "line"}
            facility_id, found = aliases.read(cells, known, directory.trade)
            if facility_id not in directory.facilities:
                rows.note = rows.note or _of_nowhere(stated, directory)
                raise aliases.Unreadable(f"no facility has the {key.name} {facility_id}; import the registry first")
            rows.read.append(Row(number, facility_id, found, aliases.day_in(row, known.names)))
        except aliases.Unreadable as error:
            rows.rejects.append(RejectedLine(line=_line(row, number), reason=str(error)))
    return rows


def _line(row: Mapping[str, Any], number: int) -> int:
    line = row.get("line")
    return line if isinstance(line, int) else number


def _of_nowhere(state: str | None, directory: Directory) -> str | None:
    """What to do where a file speaks of states of which nobody is listed."""
    if not state or directory.known.of_state(state).entries or not directory.facilities:
        return None
    return f"Of {state}, for one, no facility is listed; --state passes over the rows of all states but one."


def _new_names(
    rows: list[Row], directory: Directory, away: dict[str, list[str]]
) -> dict[tuple[str, str], tuple[str, int]]:
    """By facility and name, the kind and the first row that says so."""
    names: dict[tuple[str, str], tuple[str, int]] = {}
    for row in rows:
        facility, gone = directory.facilities[row.facility_id], away.get(row.facility_id, ())
        for other in aliases.new_names(facility, row.names, directory.trade, gone):
            names.setdefault((row.facility_id, other.name), (other.kind, row.number))
    return names


def _days(rows: list[Row]) -> dict[tuple[str, str], date]:
    """By facility and name, the latest day of which a row says it."""
    days: dict[tuple[str, str], date] = {}
    for row in rows:
        for other in row.names if row.stated_on else ():
            key = row.facility_id, other.name
            days[key] = max(days.get(key, date.min), row.stated_on or date.min)
    return days
