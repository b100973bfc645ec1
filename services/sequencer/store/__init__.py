"""How is the state of follow-up read and written? Every query of the sequencer."""

from __future__ import annotations

from shared.storage.database import Tx


async def lock(tx: Tx) -> None:
    """One decision at a time: the plan and what people do in the meantime wait for each other."""
    await tx.lock("sequencer", ["decisions"])
