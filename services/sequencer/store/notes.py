"""Which notes did people add to accounts?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from services.sequencer.domain.importing.changes import Note
from shared.storage.database import Tx
from shared.storage.writing import insert


async def add(tx: Tx, note_id: UUID, facility_id: str, text: str, next_follow_up_on: date | None) -> dict[str, Any]:
    """Append a note. Returns the row."""
    note = {
        "note_id": note_id,
        "facility_id": facility_id,
        "text": text,
        "noted_by": tx.actor,
        "noted_on": tx.today,
        "noted_at": tx.now,
        "next_follow_up_on": next_follow_up_on,
    }
    await insert(tx, "notes", [note])
    return note


async def of_account(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """The notes on an account, oldest first."""
    return await tx.dicts("SELECT * FROM notes WHERE facility_id = %(id)s ORDER BY noted_at, number", id=facility_id)


async def add_all(tx: Tx, notes: Iterable[Note]) -> list[dict[str, Any]]:
    """Append the notes of a file. Returns the rows."""
    noted = {"noted_by": tx.actor, "noted_on": tx.today, "noted_at": tx.now, "next_follow_up_on": None}
    added = [asdict(note) | noted for note in notes]
    await insert(tx, "notes", added)
    return added


async def ids_of(tx: Tx, facility_ids: Iterable[str]) -> set[UUID]:
    found = await tx.dicts("SELECT note_id FROM notes WHERE facility_id = ANY(%(ids)s)", ids=sorted(set(facility_ids)))
    return {row["note_id"] for row in found}


async def with_ids(tx: Tx, note_ids: Iterable[str]) -> dict[str, Note]:
    """Notes as a file states them, by id."""
    sql = "SELECT note_id, facility_id, text FROM notes WHERE note_id = ANY(%(ids)s::uuid[])"
    return {str(note.note_id): note for note in await tx.all(Note, sql, ids=list(note_ids))}


async def delete(tx: Tx, note_ids: Iterable[str]) -> None:
    await tx.run("DELETE FROM notes WHERE note_id = ANY(%(ids)s::uuid[])", ids=list(note_ids))
