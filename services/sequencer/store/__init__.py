"""Every query of the sequencer."""

from __future__ import annotations

from shared.storage.database import Tx


async def lock(tx: Tx) -> None:
    """Serialize decisions: the plan and the commands of people wait for each other."""
    await tx.lock("sequencer", ["decisions"])
