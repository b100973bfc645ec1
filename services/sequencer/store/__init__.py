"""How is the state of follow-up read and written? Every query of the sequencer."""

from __future__ import annotations

from shared.storage.database import Tx


async def hold(tx: Tx) -> None:
    """One decision at a time: the plan and what people do in the meantime wait for each other."""
    await tx.lock("sequencer", ["decisions"])


async def hold_accounts(tx: Tx) -> None:
    """Take every account in the order in which handlers write them, so that the plan cannot deadlock with one."""
    await tx.value("SELECT count(*) FROM (SELECT FROM accounts ORDER BY facility_id FOR UPDATE) AS held")
