"""Which other names of facilities are in a file?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engines.packs import headings
from services.matcher.domain import aliases
from services.matcher.domain.directory import Directory, OtherName
from services.matcher.settings import NOWHERE
from services.matcher.store import directory as store
from services.matcher.store.directory import FileName
from services.matcher.usecases.directory import directory_of
from services.matcher.usecases.outcomes import decide_affected
from shared.contracts.imports import ImportedRows, RejectedLine
from shared.contracts.matcher import ImportAliases
from shared.service import Router
from shared.storage.database import Tx

router = Router()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its number, its facility, the names, and their date if the row has one."""

    number: int
    facility_id: str
    names: list[OtherName]
    stated_on: date | None


@dataclass(slots=True)
class Rows:
    """The rows of a file that were read, and the others."""

    read: list[Row] = field(default_factory=list)
    rejects: list[RejectedLine] = field(default_factory=list)
    skipped: int = 0
    note: str | None = None


@router.command
async def import_aliases(request: ImportAliases, tx: Tx) -> ImportedRows:
    """Add new names. Existing and withdrawn names stay as they are, in any spelling."""
    known = await directory_of(tx)
    stated = [aliases.stated_in(row, headings().key) for row in request.rows]
    await tx.lock("state", {NOWHERE, *(known.facilities[each].state for each in stated if each in known.facilities)})
    committed = await directory_of(tx)
    rows = _read(request, committed)
    withdrawn = await store.withdrawn_names(tx, [row.facility_id for row in rows.read])
    names, days = _new_names(rows.read, committed, withdrawn), _days(rows.read)
    change = await store.raise_version(tx)
    added = await store.add_names(
        tx, [FileName(*key, kind, request.file_name, days.get(key)) for key, (kind, _) in names.items()]
    )
    await store.date_names(tx, days)
    changed = sorted({facility_id for facility_id, _ in added})
    await store.mark_changed(tx, changed, change)
    await decide_affected(tx, committed, changed)
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
                rows.note = rows.note or _note_on_state(stated, directory)
                raise aliases.Unreadable(f"no facility has the {key.name} {facility_id}; import the registry first")
            rows.read.append(Row(number, facility_id, found, aliases.day_in(row, known.names)))
        except aliases.Unreadable as error:
            rows.rejects.append(RejectedLine(line=_line(row, number), reason=str(error)))
    return rows


def _line(row: Mapping[str, Any], number: int) -> int:
    line = row.get("line")
    return line if isinstance(line, int) else number


def _note_on_state(state: str | None, directory: Directory) -> str | None:
    """What to do if a file contains states without listed facilities."""
    if not state or directory.index.of_state(state).entries or not directory.facilities:
        return None
    return f"No facility of {state} is listed, for example; --state imports only the rows of one state."


def _new_names(
    rows: list[Row], directory: Directory, withdrawn: dict[str, list[str]]
) -> dict[tuple[str, str], tuple[str, int]]:
    """By facility and name: the kind and the first row that states it."""
    names: dict[tuple[str, str], tuple[str, int]] = {}
    for row in rows:
        facility, withdrawn_names = directory.facilities[row.facility_id], withdrawn.get(row.facility_id, ())
        for other in aliases.new_names(facility, row.names, directory.trade, withdrawn_names):
            names.setdefault((row.facility_id, other.name), (other.kind, row.number))
    return names


def _days(rows: list[Row]) -> dict[tuple[str, str], date]:
    """By facility and name: the latest date at which a row states it."""
    days: dict[tuple[str, str], date] = {}
    for row in rows:
        for other in row.names if row.stated_on else ():
            key = row.facility_id, other.name
            days[key] = max(days.get(key, date.min), row.stated_on or date.min)
    return days
