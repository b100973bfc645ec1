"""How are facilities, facts about them, and the imports that brought them recorded and found?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engines.datasets.facts import Statement
from engines.datasets.listing import Identity, OtherName
from engines.datasets.registry import Reject
from services.ingest.domain.facilities import Facility
from shared.storage.database import Tx, rows


@dataclass(frozen=True, slots=True)
class Import:
    """One file, which comes in chunks under one id."""

    import_no: int
    kind: str
    undated_as_of: date | None
    assumed: bool
    ended: bool
    """Its final chunk was taken before."""
    delisted: int


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of rows that do not say theirs, and whether it was assumed rather than said."""

    as_of: date
    assumed: bool


async def dating(tx: Tx, sha256: str) -> Dating | None:
    """As of which date a registry of this content was taken before; what a person said counts more."""
    return await tx.one(
        Dating,
        """
        SELECT undated_as_of AS as_of, assumed FROM imports
        WHERE kind = 'registry' AND sha256 = %(sha256)s AND undated_as_of IS NOT NULL
        ORDER BY assumed, import_no DESC LIMIT 1
        """,
        sha256=sha256,
    )


async def redate(tx: Tx, sha256: str, as_of: date) -> None:
    """What was listed as of an assumed date is as of the one that is now said; nobody else sees a difference."""
    await tx.run(
        """
        UPDATE facilities SET listed_as_of = %(as_of)s FROM imports
        WHERE imports.import_no = facilities.import_no AND imports.sha256 = %(sha256)s AND imports.assumed
          AND facilities.listed_as_of = imports.undated_as_of AND imports.undated_as_of > %(as_of)s
        """,
        sha256=sha256,
        as_of=as_of,
    )
    await tx.run(
        """
        UPDATE imports SET complete_as_of = %(as_of)s
        WHERE sha256 = %(sha256)s AND assumed AND complete_as_of = undated_as_of AND undated_as_of > %(as_of)s
        """,
        sha256=sha256,
        as_of=as_of,
    )


async def begin(
    tx: Tx,
    import_id: UUID,
    kind: str,
    file_name: str,
    state: str | None,
    complete: str | None,
    size: int | None,
    sha256: str | None,
    dated: Dating | None,
) -> Import:
    """The import that a chunk belongs to, numbered when its first chunk comes. Imports happen one after the other."""
    await tx.lock("import", ["any"])
    await tx.run(
        """
        INSERT INTO imports (import_no, import_id, kind, file_name, sha256, size, state, complete, started_at,
                             undated_as_of, assumed, listed, rejected, delisted)
        SELECT coalesce(max(import_no), 0) + 1, %(import_id)s, %(kind)s, %(file_name)s, %(sha256)s, %(size)s, %(state)s,
               %(complete)s, %(now)s, %(as_of)s, %(assumed)s, 0, 0, 0
        FROM imports
        ON CONFLICT (import_id) DO NOTHING
        """,
        import_id=import_id,
        kind=kind,
        file_name=file_name,
        sha256=sha256,
        size=size,
        state=state,
        complete=complete,
        now=tx.now,
        as_of=dated.as_of if dated else None,
        assumed=bool(dated and dated.assumed),
    )
    begun = await tx.one(
        Import,
        """
        SELECT import_no, kind, undated_as_of, assumed, finished_at IS NOT NULL AS ended, delisted
        FROM imports WHERE import_id = %(import_id)s
        """,
        import_id=import_id,
    )
    assert begun is not None  # noqa: S101  written just above
    return begun


async def lines_of(tx: Tx, import_no: int, lines: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Note on which line an import lists which CCN; returns the first line of each, which alone counts."""
    await tx.run(
        """
        INSERT INTO import_lines (import_no, facility_id, line)
        SELECT DISTINCT ON (facility_id) %(import_no)s, facility_id, line
        FROM json_populate_recordset(NULL::import_lines, %(rows)s::json) ORDER BY facility_id, line
        ON CONFLICT DO NOTHING
        """,
        import_no=import_no,
        rows=rows({"facility_id": facility_id, "line": line} for facility_id, line in lines),
    )
    found = await tx.dicts(
        "SELECT facility_id, line FROM import_lines WHERE import_no = %(import_no)s AND facility_id ="
        " ANY(%(facility_ids)s)",
        import_no=import_no,
        facility_ids=[facility_id for facility_id, _ in lines],
    )
    return {row["facility_id"]: row["line"] for row in found}


async def reject(tx: Tx, import_no: int, rejects: Sequence[Reject]) -> None:
    await tx.run(
        """
        INSERT INTO import_rejects (import_no, line, facility_id, reason)
        SELECT %(import_no)s, line, facility_id, reason FROM json_populate_recordset(NULL::import_rejects,
        %(rows)s::json)
        ON CONFLICT DO NOTHING
        """,
        import_no=import_no,
        rows=rows(rejects),
    )


async def facilities(tx: Tx, facility_ids: Sequence[str]) -> dict[str, Facility]:
    found = await tx.dicts(
        f"SELECT {_COLUMNS} FROM facilities WHERE facility_id = ANY(%(facility_ids)s)", facility_ids=list(facility_ids)
    )
    return {row["facility_id"]: _facility(row) for row in found}


def _facility(row: dict[str, Any]) -> Facility:
    identity = {name: row.pop(name) for name in _IDENTITY}
    names = tuple(OtherName(**other) for other in identity.pop("other_names"))
    return Facility(identity=Identity(**identity, other_names=names), **row)


async def save(tx: Tx, changed: Sequence[Facility]) -> None:
    """Write what is held; imports happen one after the other, so nothing newer is overwritten."""
    await tx.run(
        f"""
        INSERT INTO facilities ({_COLUMNS})
        SELECT {_COLUMNS} FROM json_populate_recordset(NULL::facilities, %(rows)s::json)
        ON CONFLICT (facility_id) DO UPDATE SET ({_COLUMNS}) = ROW ({_EXCLUDED})
        """,
        rows=rows(_row(facility) for facility in changed),
    )


def _row(facility: Facility) -> dict[str, Any]:
    identity = {name: getattr(facility.identity, name) for name in _IDENTITY}
    identity["other_names"] = [{"name": other.name, "kind": other.kind} for other in facility.identity.other_names]
    return {name: identity[name] if name in identity else getattr(facility, name) for name in _NAMES}


async def learn(tx: Tx, import_no: int, facts: Sequence[Statement]) -> list[Statement]:
    """Record facts; returns those that say something new for their date. A fact that is restated is left as it is."""
    return await tx.all(
        Statement,
        """
        INSERT INTO facility_facts AS held (facility_id, field, as_of, import_no, value, unknown)
        SELECT facility_id, field, as_of, %(import_no)s, value, value IS NULL
        FROM json_populate_recordset(NULL::facility_facts, %(rows)s::json)
        ON CONFLICT (facility_id, field, as_of) DO UPDATE
        SET import_no = excluded.import_no, value = excluded.value, unknown = excluded.unknown
        WHERE excluded.import_no >= held.import_no AND excluded.value IS DISTINCT FROM held.value
        RETURNING facility_id, field, value, as_of
        """,
        import_no=import_no,
        rows=rows({"facility_id": f.facility_id, "field": f.field, "value": f.value, "as_of": f.as_of} for f in facts),
    )


async def held_as_of(tx: Tx, state: str | None) -> date | None:
    """The newest date of which anything is held in a state, or anywhere."""
    newest: date | None = await tx.value(
        """
        SELECT max(greatest(listed_as_of, delisted_as_of)) FROM facilities
        WHERE %(state)s::text IS NULL OR state = %(state)s
        """,
        state=state,
    )
    return newest


async def newest_by_state(tx: Tx) -> dict[str, date]:
    """The newest date as of which anything is listed, by state."""
    found = await tx.dicts("SELECT state, max(listed_as_of) AS as_of FROM facilities GROUP BY state")
    return {row["state"]: row["as_of"] for row in found}


async def complete_as_of(tx: Tx) -> dict[str, date]:
    """Of which date the newest complete file is, by state; `US` is the whole country."""
    found = await tx.dicts(
        """
        SELECT complete, max(complete_as_of) AS as_of FROM imports WHERE complete_as_of IS NOT NULL GROUP BY complete
        """
    )
    return {row["complete"]: row["as_of"] for row in found}


async def listed_of(tx: Tx, import_no: int, state: str | None) -> int:
    """How many facilities of a state, or anywhere, an import lists."""
    listed: int = await tx.value(
        """
        SELECT count(*) FROM import_lines JOIN facilities USING (facility_id)
        WHERE import_lines.import_no = %(import_no)s AND (%(state)s::text IS NULL OR state = %(state)s)
        """,
        import_no=import_no,
        state=state,
    )
    return listed


async def count_listed(tx: Tx, state: str | None) -> dict[str, int]:
    """How many facilities are listed now, by state: of one, or of all."""
    found = await tx.dicts(
        """
        SELECT state, count(*) AS listed FROM facilities
        WHERE NOT delisted AND (%(state)s::text IS NULL OR state = %(state)s) GROUP BY state
        """,
        state=state,
    )
    return {row["state"]: row["listed"] for row in found}


async def rejected_lines(tx: Tx, import_no: int) -> list[int]:
    """The lines of an import that were not taken."""
    found = await tx.dicts(
        "SELECT line FROM import_rejects WHERE import_no = %(import_no)s ORDER BY line", import_no=import_no
    )
    return [row["line"] for row in found]


async def lacking(tx: Tx, import_no: int, state: str | None) -> list[Facility]:
    """What is listed in a state, or anywhere, and not mentioned by an import."""
    found = await tx.dicts(
        f"""
        SELECT {_COLUMNS} FROM facilities
        WHERE NOT delisted AND (%(state)s::text IS NULL OR state = %(state)s)
          AND facility_id NOT IN (SELECT facility_id FROM import_lines WHERE import_no = %(import_no)s)
          AND facility_id NOT IN (SELECT facility_id FROM import_rejects WHERE import_no = %(import_no)s AND
          facility_id IS NOT NULL)
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


async def advance(tx: Tx, import_no: int, as_of: date | None, final: bool) -> None:
    """Keep an import's counts true, and note its end."""
    await tx.run(
        """
        UPDATE imports SET
            as_of = greatest(as_of, %(as_of)s),
            listed = (SELECT count(*) FROM import_lines l WHERE l.import_no = imports.import_no),
            rejected = (SELECT count(*) FROM import_rejects r WHERE r.import_no = imports.import_no),
            finished_at = CASE WHEN %(final)s THEN %(now)s ELSE finished_at END
        WHERE import_no = %(import_no)s
        """,
        import_no=import_no,
        as_of=as_of,
        final=final,
        now=tx.now,
    )


async def completed(tx: Tx, import_no: int, as_of: date, delisted: int) -> None:
    """Note that a file spoke for all facilities of its place."""
    await tx.run(
        "UPDATE imports SET complete_as_of = %(as_of)s, delisted = delisted + %(delisted)s WHERE import_no = %(no)s",
        as_of=as_of,
        delisted=delisted,
        no=import_no,
    )


async def as_of(tx: Tx, import_no: int) -> date | None:
    """The newest date in an import's chunks so far."""
    newest: date | None = await tx.value("SELECT as_of FROM imports WHERE import_no = %(no)s", no=import_no)
    return newest


_IDENTITY = tuple(Identity.__dataclass_fields__)
_NAMES = ("facility_id", "version", *_IDENTITY, "listed_as_of", "import_no", "delisted", "delisted_as_of")
_COLUMNS = ", ".join(_NAMES)
_EXCLUDED = ", ".join(f"excluded.{name}" for name in _NAMES)
