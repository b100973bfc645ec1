"""Who is in the team, and what are they called?"""

from __future__ import annotations

from shared.storage.database import Tx


async def names(tx: Tx) -> dict[str, str]:
    """All reps, also those who left, by id in the order of their names: for what names a rep."""
    return await _names(tx, left=True)


async def present(tx: Tx) -> dict[str, str]:
    """Those who are in the team today: for a choice."""
    return await _names(tx, left=False)


async def _names(tx: Tx, *, left: bool) -> dict[str, str]:
    rows = await tx.dicts(
        """
        SELECT id, coalesce(data ->> 'name', id) AS name FROM states
        WHERE kind = 'rep' AND (%(left)s OR coalesce((data ->> 'left_on')::date > %(today)s, true)) ORDER BY 2, 1
        """,
        left=left,
        today=tx.today,
    )
    return {row["id"]: row["name"] for row in rows}
