"""What do read models know about the team?"""

from __future__ import annotations

from services.console.screens.capacity.building import Away
from shared.storage.database import Tx


async def leaves(tx: Tx) -> list[Away]:
    """The leaves that have not ended, the next one first."""
    return await tx.all(
        Away,
        """
        SELECT data ->> 'rep' AS rep, (data ->> 'from_on')::date AS from_on, (data ->> 'to_on')::date AS to_on,
            data ->> 'cover' AS cover
        FROM states WHERE kind = 'leave' AND (data ->> 'to_on')::date >= %(today)s
            AND coalesce((data ->> 'to_on')::date >= (data ->> 'from_on')::date, true)
        ORDER BY 2, 1
        """,
        today=tx.today,
    )


async def team(tx: Tx) -> dict[str, str]:
    """The names of the reps in the team, by id."""
    rows = await tx.dicts(
        """
        SELECT id, data ->> 'name' AS name FROM states
        WHERE kind = 'rep' AND coalesce((data ->> 'left_on')::date > %(today)s, true) ORDER BY 2, 1
        """,
        today=tx.today,
    )
    return {row["id"]: row["name"] or row["id"] for row in rows}
