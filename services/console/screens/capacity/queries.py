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
