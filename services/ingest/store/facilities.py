"""How are facilities recorded and found?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from engines.datasets.listing import Identity, OtherName
from services.ingest.domain.facilities import Facility
from shared.storage.database import Tx
from shared.storage.paging import page_by_key
from shared.storage.writing import upsert

_IDENTITY = tuple(Identity.__dataclass_fields__)
_NAMES = ("facility_id", "version", *_IDENTITY, "listed_as_of", "import_no", "delisted", "delisted_as_of")
_COLUMNS = ", ".join(_NAMES)


async def facilities(tx: Tx, facility_ids: Sequence[str]) -> dict[str, Facility]:
    found = await tx.dicts(
        f"""
        SELECT {_COLUMNS} FROM facilities WHERE facility_id = ANY(%(facility_ids)s)
        """,
        facility_ids=list(facility_ids),
    )
    return {row["facility_id"]: _facility(row) for row in found}


def _facility(row: dict[str, Any]) -> Facility:
    identity = {name: row.pop(name) for name in _IDENTITY}
    names = tuple(OtherName(**other) for other in identity.pop("other_names"))
    return Facility(identity=Identity(**identity, other_names=names), **row)


async def page(tx: Tx, after: str | None, limit: int, where: str = "TRUE") -> list[tuple[str, Facility]]:
    """A page of facilities with their keys, by id."""
    found = await page_by_key(tx, "facilities", ("facility_id",), after, limit, where)
    return [(key, _facility(row)) for key, row in found]


async def save(tx: Tx, changed: Sequence[Facility]) -> None:
    """Write facilities. Imports run one at a time, so nothing newer is overwritten."""
    await upsert(tx, "facilities", map(_row, changed), key=("facility_id",))


def _row(facility: Facility) -> dict[str, Any]:
    identity = {name: getattr(facility.identity, name) for name in _IDENTITY}
    identity["other_names"] = [{"name": other.name, "kind": other.kind} for other in facility.identity.other_names]
    return {name: identity[name] if name in identity else getattr(facility, name) for name in _NAMES}


async def stored_as_of(tx: Tx, state: str | None) -> date | None:
    """The newest date of a listing or delisting in a state, or anywhere."""
    newest: date | None = await tx.value(
        """
        SELECT max(greatest(listed_as_of, delisted_as_of)) FROM facilities
        WHERE %(state)s::text IS NULL OR state = %(state)s
        """,
        state=state,
    )
    return newest


async def newest_by_state(tx: Tx) -> dict[str, date]:
    """The newest date of a listing, by state."""
    found = await tx.dicts("""SELECT state, max(listed_as_of) AS as_of FROM facilities GROUP BY state""")
    return {row["state"]: row["as_of"] for row in found}


async def count_listed(tx: Tx, state: str | None) -> dict[str, int]:
    """The number of listed facilities by state, of one or of all."""
    found = await tx.dicts(
        """
        SELECT state, count(*) AS listed FROM facilities
        WHERE NOT delisted AND (%(state)s::text IS NULL OR state = %(state)s) GROUP BY state
        """,
        state=state,
    )
    return {row["state"]: row["listed"] for row in found}


async def lacking(tx: Tx, import_no: int, state: str | None) -> list[Facility]:
    """The facilities listed in a state, or anywhere, that are not in an import."""
    found = await tx.dicts(
        f"""
        SELECT {_COLUMNS} FROM facilities
        WHERE NOT delisted AND (%(state)s::text IS NULL OR state = %(state)s)
          AND facility_id NOT IN (SELECT facility_id FROM import_lines WHERE import_no = %(import_no)s)
          AND facility_id NOT IN (
              SELECT facility_id FROM import_rejects WHERE import_no = %(import_no)s AND facility_id IS NOT NULL
          )
        ORDER BY facility_id
        """,
        import_no=import_no,
        state=state,
    )
    return [_facility(row) for row in found]


async def delist(tx: Tx, facility_ids: Sequence[str], as_of: date) -> list[Facility]:
    found = await tx.dicts(
        f"""
        UPDATE facilities SET delisted = true, delisted_as_of = %(as_of)s, version = version + 1
        WHERE NOT delisted AND facility_id = ANY(%(facility_ids)s)
        RETURNING {_COLUMNS}
        """,
        facility_ids=list(facility_ids),
        as_of=as_of,
    )
    return sorted((_facility(row) for row in found), key=lambda facility: facility.facility_id)
