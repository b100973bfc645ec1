"""Which accounts are bookmarked?"""

from __future__ import annotations

from shared.contracts.sequencer_touches import BookmarkRow
from shared.storage.database import Tx
from shared.storage.writing import upsert


async def add(tx: Tx, facility_id: str, reason: str | None) -> bool:
    """Returns whether anything changed."""
    mark = {"facility_id": facility_id, "reason": reason, "marked_by": tx.actor, "marked_on": tx.today}
    return bool(await upsert(tx, "bookmarks", [mark], key=("facility_id",)))


async def remove(tx: Tx, facility_id: str) -> bool:
    return bool(await tx.run("DELETE FROM bookmarks WHERE facility_id = %(id)s", id=facility_id))


async def show(tx: Tx) -> list[BookmarkRow]:
    return await tx.all(
        BookmarkRow,
        """
        SELECT bookmarks.*, name AS facility, city, tier FROM bookmarks LEFT JOIN accounts USING (facility_id)
        ORDER BY marked_on DESC, facility_id
        """,
    )
