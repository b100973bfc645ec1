"""Which notes did people add to accounts?"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

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
    return await tx.dicts("SELECT * FROM notes WHERE facility_id = %(id)s ORDER BY noted_at, note_id", id=facility_id)
