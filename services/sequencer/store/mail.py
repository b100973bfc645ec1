"""What came back for e-mails, and who is out of office?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.sequencer.domain.tasks import Task
from shared.storage.database import Tx
from shared.storage.writing import insert, upsert_newest


async def letter(tx: Tx, task_id: UUID | None, facility_id: str, address: str) -> Task | None:
    """The task of an e-mail; without its id, that of the last e-mail from an account to an address."""
    return await tx.one(
        Task,
        """
        SELECT * FROM tasks
        WHERE channel = 'email' AND (
            task_id = %(task_id)s
            OR %(task_id)s::uuid IS NULL AND facility_id = %(facility_id)s AND person ->> 'email' = %(address)s
        )
        ORDER BY done_on DESC NULLS LAST, due_on DESC, task_id LIMIT 1
        """,
        task_id=task_id,
        facility_id=facility_id,
        address=address,
    )


async def log(tx: Tx, activity: dict[str, Any]) -> bool:
    """Append what came back to the activity log of its account. Returns False if it was logged before."""
    return await insert(tx, "activities", [activity]) > 0


async def out_of_office(tx: Tx) -> dict[str, date]:
    """The day of the return of each person who is out of office now, by address."""
    found = await tx.dicts("SELECT address, back_on FROM out_of_office WHERE back_on > %(today)s", today=tx.today)
    return {row["address"]: row["back_on"] for row in found}


async def record_return(tx: Tx, address: str, back_on: date, at: datetime, key: UUID) -> None:
    """Store the day of a person's return, as the latest statement has it; `key` is of the task or e-mail."""
    row = {"address": address, "back_on": back_on, "stated_at": at, "stated_in": key}
    await upsert_newest(tx, "out_of_office", [row], key=("address",), version=("stated_at",))


async def take_back_return(tx: Tx, key: UUID) -> bool:
    """Forget a return that a touch stated. Returns whether there was one."""
    return bool(await tx.run("DELETE FROM out_of_office WHERE stated_in = %(key)s", key=key))
