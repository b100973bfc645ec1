"""What does the console itself know for the pages of webhooks?"""

from __future__ import annotations

from shared.storage.database import Tx


async def states(tx: Tx) -> list[str]:
    """In which states there are accounts."""
    found = await tx.dicts("SELECT DISTINCT state FROM facilities WHERE listed AND state IS NOT NULL ORDER BY state")
    return [each["state"] for each in found]
