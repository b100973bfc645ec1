"""Which scores do accounts have, and where are the tiers cut?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from shared.storage.arrays import texts
from shared.storage.database import Tx


async def scores(tx: Tx, facility_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The last `score.changed` of each facility."""
    rows = await tx.dicts(
        "SELECT id, data FROM states WHERE kind = 'score' AND id = ANY(%(ids)s)", ids=texts(facility_ids)
    )
    return {row["id"]: row["data"] for row in rows}


async def cuts(tx: Tx) -> dict[int, float]:
    """The tier cuts in force."""
    found = await tx.value(
        "SELECT data -> 'cuts' FROM states WHERE kind = 'calibration' ORDER BY day DESC, id DESC LIMIT 1"
    )
    return {int(tier): float(cut) for tier, cut in (found or {}).items()}
