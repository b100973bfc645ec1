"""What did people change in a CRM, and what came of it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.storage.database import Tx
from shared.storage.writing import insert


class Change(NamedTuple):
    """A value that people set in a CRM."""

    event_id: UUID
    field: str
    facility_id: str
    system: str
    value: str | None
    changed_at: datetime | None
    refused: str | None
    """Why it does not count here; None if it does."""
    recorded_at: datetime


async def record(tx: Tx, changes: Sequence[Change]) -> None:
    await insert(tx, "crm_changes", changes)


async def last_of(tx: Tx, facility_id: str) -> dict[str, UUID]:
    """The event with the last change of each field of an account."""
    found = await tx.dicts(
        """
        SELECT DISTINCT ON (field) field, event_id FROM crm_changes WHERE facility_id = %(id)s
        ORDER BY field, event_id DESC
        """,
        id=facility_id,
    )
    return {row["field"]: row["event_id"] for row in found}


async def refused(tx: Tx, facility_id: str) -> list[dict[str, Any]]:
    """What does not count here, in order."""
    return await tx.dicts(
        """
        SELECT system, field, value, refused, recorded_at FROM crm_changes
        WHERE facility_id = %(id)s AND refused IS NOT NULL ORDER BY recorded_at, event_id, field
        """,
        id=facility_id,
    )
