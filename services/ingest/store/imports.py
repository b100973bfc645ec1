"""How are imports of files recorded?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from engines.datasets.registry import Reject
from shared.storage.database import Tx
from shared.storage.writing import insert


@dataclass(frozen=True, slots=True)
class Import:
    """One file, which comes in chunks under one id."""

    import_no: int
    kind: str
    undated_as_of: date | None
    assumed: bool
    ended: bool
    """Its final chunk was imported before."""
    delisted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file as its first chunk describes it."""

    import_id: UUID
    kind: str
    file_name: str
    sha256: str | None
    size: int | None
    state: str | None
    complete: str | None
    undated_as_of: date | None
    """The date of rows that do not state theirs; `assumed` if the caller gave none."""
    assumed: bool


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of rows that do not state theirs, and whether it was assumed."""

    as_of: date
    assumed: bool


async def dating(tx: Tx, sha256: str) -> Dating | None:
    """The date of an earlier import of the same content; one that a person gave is preferred."""
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
    """Replace an assumed date by an earlier one that a person gave. Nothing is published."""
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


async def begin(tx: Tx, file: ImportedFile) -> Import:
    """The import of a chunk, numbered by its first chunk. Imports run one after the other."""
    await tx.lock("import", ["any"])
    await tx.run(
        """
        INSERT INTO imports (import_no, import_id, kind, file_name, sha256, size, state, complete, started_at,
                             undated_as_of, assumed, listed, rejected, delisted)
        SELECT coalesce(max(import_no), 0) + 1, %(import_id)s, %(kind)s, %(file_name)s, %(sha256)s, %(size)s, %(state)s,
               %(complete)s, %(now)s, %(undated_as_of)s, %(assumed)s, 0, 0, 0
        FROM imports
        ON CONFLICT (import_id) DO NOTHING
        """,
        **asdict(file),
        now=tx.now,
    )
    found = await tx.one(
        Import,
        """
        SELECT import_no, kind, undated_as_of, assumed, finished_at IS NOT NULL AS ended, delisted
        FROM imports WHERE import_id = %(import_id)s
        """,
        import_id=file.import_id,
    )
    assert found is not None  # noqa: S101  written just above
    return found


async def lines_of(tx: Tx, import_no: int, lines: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Record the line on which an import lists each facility. Returns the first line of each; only that one counts."""
    first = dict(sorted(lines, reverse=True))
    listed = [{"import_no": import_no, "facility_id": each, "line": line} for each, line in first.items()]
    await insert(tx, "import_lines", listed)
    found = await tx.dicts(
        """
        SELECT facility_id, line FROM import_lines
        WHERE import_no = %(import_no)s AND facility_id = ANY(%(facility_ids)s)
        """,
        import_no=import_no,
        facility_ids=list(first),
    )
    return {row["facility_id"]: row["line"] for row in found}


async def reject(tx: Tx, import_no: int, rejects: Sequence[Reject]) -> None:
    await insert(tx, "import_rejects", [{"import_no": import_no, **asdict(each)} for each in rejects])


async def complete_as_of(tx: Tx) -> dict[str, date]:
    """The date of the newest complete file, by state; `US` is the country."""
    found = await tx.dicts(
        """
        SELECT complete, max(complete_as_of) AS as_of FROM imports WHERE complete_as_of IS NOT NULL GROUP BY complete
        """
    )
    return {row["complete"]: row["as_of"] for row in found}


async def listed_of(tx: Tx, import_no: int, state: str | None) -> int:
    """The number of facilities of a state, or anywhere, that an import lists."""
    listed: int = await tx.value(
        """
        SELECT count(*) FROM import_lines JOIN facilities USING (facility_id)
        WHERE import_lines.import_no = %(import_no)s AND (%(state)s::text IS NULL OR state = %(state)s)
        """,
        import_no=import_no,
        state=state,
    )
    return listed


async def rejected_lines(tx: Tx, import_no: int) -> list[int]:
    """The lines of an import that were rejected."""
    found = await tx.dicts(
        """SELECT line FROM import_rejects WHERE import_no = %(import_no)s ORDER BY line""", import_no=import_no
    )
    return [row["line"] for row in found]


async def advance(tx: Tx, import_no: int, as_of: date | None, final: bool) -> None:
    """Update the counts of an import, and record its end."""
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
    """Record that a file was complete for its place."""
    await tx.run(
        """
        UPDATE imports SET complete_as_of = %(as_of)s, delisted = delisted + %(delisted)s WHERE import_no = %(no)s
        """,
        as_of=as_of,
        delisted=delisted,
        no=import_no,
    )


async def as_of(tx: Tx, import_no: int) -> date | None:
    """The newest date in an import's chunks so far."""
    newest: date | None = await tx.value("""SELECT as_of FROM imports WHERE import_no = %(no)s""", no=import_no)
    return newest
