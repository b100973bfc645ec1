"""What does the console itself know for the page of services?"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shared.contracts.console_rebuilding import RebuildProgress
from shared.storage.database import Tx


async def rebuilding(tx: Tx) -> RebuildProgress:
    """The last rebuild."""
    found = await tx.one(RebuildProgress, "SELECT began_at, ended_at, steps, done, events FROM rebuilds")
    return found or RebuildProgress()


async def known_events(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Those of these events that have a page."""
    found = await tx.dicts("SELECT event_id FROM log WHERE event_id = ANY(%(ids)s)", ids=list(ids))
    return {each["event_id"] for each in found}
