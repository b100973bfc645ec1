"""Which imports were there, and what did each of them change?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from engines.suppression.statements import Suppression
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.importing.changes import AccountPart, Change, Note, Subject
from services.sequencer.domain.leads import Lead
from services.sequencer.domain.reps import Rep
from services.sequencer.domain.tasks import Task
from shared.contracts.sequencer_imports import ImportKind, ImportRow
from shared.storage.database import Tx, rows
from shared.storage.paging import ids_beginning
from shared.storage.writing import insert, recordset

_STATES: dict[Subject, TypeAdapter[Any]] = {
    "account": TypeAdapter(AccountPart | None),
    "lead": TypeAdapter(Lead | None),
    "enrollment": TypeAdapter(Enrollment | None),
    "task": TypeAdapter(Task | None),
    "contact": TypeAdapter(Sighting | None),
    "suppression": TypeAdapter(Suppression | None),
    "note": TypeAdapter(Note | None),
    "rep": TypeAdapter(Rep | None),
}
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Import:
    """An import of a file."""

    import_id: UUID
    kind: ImportKind
    file_name: str
    sha256: str
    imported_by: str
    imported_on: date
    imported_at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone: dict[str, Any] | None = None
    """The reply to its undo."""


async def record(tx: Tx, made: Import, changes: Sequence[Change]) -> None:
    """Add what some rows of an import changed; what was before the import stays as it was first recorded."""
    await insert(tx, "imports", [made])
    given = [
        {
            "import_id": made.import_id,
            "subject": each.subject,
            "key": each.key,
            "before": _STATES[each.subject].dump_python(each.before, mode="json"),
            "after": _STATES[each.subject].dump_python(each.after, mode="json"),
        }
        for each in changes
    ]
    await tx.run(
        f"""
        INSERT INTO import_changes (import_id, subject, key, before, after)
        SELECT import_id, subject, key, NULLIF(before, 'null'), after FROM {recordset("import_changes", given)} AS given
        ON CONFLICT (import_id, subject, key) DO UPDATE SET after = excluded.after
        """,
        rows=rows(given),
    )


async def find(tx: Tx, prefix: str) -> list[Import]:
    """At most two imports whose ids begin with a prefix, enough to detect an ambiguous one."""
    if (span := ids_beginning(prefix)) is None:
        return []
    return await tx.all(
        Import,
        "SELECT * FROM imports WHERE import_id BETWEEN %(first)s AND %(last)s ORDER BY import_id LIMIT 2",
        first=span[0],
        last=span[1],
    )


async def changes(tx: Tx, import_id: UUID) -> list[Change]:
    found = await tx.dicts(
        "SELECT subject, key, before, after FROM import_changes WHERE import_id = %(id)s ORDER BY subject, key",
        id=import_id,
    )
    return [Change(row["subject"], row["key"], _read(row, "before"), _read(row, "after")) for row in found]


def _read(row: dict[str, Any], column: str) -> Any:
    return _STATES[row["subject"]].validate_python(row[column])


async def keys(tx: Tx, import_id: UUID | None, subject: Subject) -> set[str]:
    """What an import has changed so far, of one subject."""
    sql = "SELECT key FROM import_changes WHERE import_id = %(id)s AND subject = %(subject)s"
    return {row["key"] for row in await tx.dicts(sql, id=import_id, subject=subject)} if import_id else set()


async def mark_undone(tx: Tx, import_id: UUID, reply: dict[str, Any]) -> None:
    await tx.run(
        """
        UPDATE imports SET undone_at = %(now)s, undone_by = %(by)s, undone = %(reply)s::jsonb
        WHERE import_id = %(id)s
        """,
        id=import_id,
        now=tx.now,
        by=tx.actor,
        reply=rows([reply])[1:-1],
    )


_SUBJECT_OF: dict[ImportKind, Iterable[Subject]] = {
    "accounts": ("account", "note"),
    "contacts": ("contact",),
    "leads": ("lead",),
    "reps": ("rep",),
}
"""What the rows of a file of each kind are about."""


async def latest(tx: Tx) -> list[ImportRow]:
    """The latest imports, newest first, with what the rows of their files were about."""
    of_kind = " OR ".join(
        f"(kind = '{kind}' AND subject = ANY(ARRAY[{', '.join(repr(each) for each in subjects)}]))"
        for kind, subjects in _SUBJECT_OF.items()
    )
    return await tx.all(
        ImportRow,
        f"""
        SELECT import_id, kind, file_name, sha256, imported_by, imported_on, imported_at, undone_at, undone_by,
            count(*) FILTER (WHERE before IS NULL AND ({of_kind})) AS added,
            count(*) FILTER (WHERE before IS NOT NULL AND ({of_kind})) AS changed
        FROM (SELECT * FROM imports ORDER BY imported_at DESC LIMIT {MOST_LISTED}) AS listed
        LEFT JOIN import_changes USING (import_id)
        GROUP BY import_id, kind, file_name, sha256, imported_by, imported_on, imported_at, undone_at, undone_by
        ORDER BY imported_at DESC
        """,
    )
