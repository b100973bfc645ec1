"""What do lists behind figures name?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from shared.storage.arrays import texts
from shared.storage.database import Tx


async def names(tx: Tx, facility_ids: Collection[str]) -> dict[str, str]:
    """What these accounts are called, as far as it is known."""
    rows = await tx.dicts(
        "SELECT facility_id, name FROM facilities WHERE facility_id = ANY(%(ids)s) AND name IS NOT NULL",
        ids=texts(facility_ids),
    )
    return {row["facility_id"]: row["name"] for row in rows}


async def employers(tx: Tx, posting_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What postings state about themselves."""
    rows = await tx.dicts(
        "SELECT id, data FROM states WHERE kind = 'posting' AND id = ANY(%(ids)s)", ids=texts(posting_ids)
    )
    return {row["id"]: row["data"] for row in rows}
