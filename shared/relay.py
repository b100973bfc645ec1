"""How do committed events get from the outbox into the stream?

Right after the commit, from memory. What a crash or a lost connection left behind is swept up later; publishing
twice is harmless, so rows are marked as published in bulk, a moment later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from shared import outbox
from shared.envelope import Envelope
from shared.metrics import PUBLISHED

if TYPE_CHECKING:
    from shared.app import App

log = structlog.get_logger()

SWEEP_ROWS = 1_000


class Relay:
    """Publishes what one process commits, and what anybody left behind."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._unmarked: list[UUID] = []
        self._trailing: asyncio.Task[None] | None = None

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        if not self.app.broker.connected:
            return
        stored = await self.app.broker.publish(envelopes)
        PUBLISHED.inc(len(stored))
        self._unmarked += [envelope.event_id for envelope in stored]

    async def trail(self, envelopes: Sequence[Envelope]) -> None:
        """Publish while the caller goes on with its next transaction; waits while an earlier publication is under way.

        Nothing depends on it: what was committed and is not published is in the outbox, and the sweeper's.
        """
        await self.settle()
        self._trailing = asyncio.create_task(self.publish(envelopes), name="publication")

    async def settle(self) -> None:
        """Wait for the publication that is under way."""
        while self._trailing is not None and not self._trailing.done():
            await asyncio.wait([self._trailing])

    async def sweep(self) -> None:
        """Mark what was published, then publish what was left behind, until nothing is."""
        while True:
            await self.mark()
            async with self.app.transaction() as tx:
                left = [outbox.sealed(stored) for stored in await outbox.unpublished(tx, SWEEP_ROWS)]
            if not left or not self.app.broker.connected:
                return
            before = len(self._unmarked)
            await self.publish(left)
            published = len(self._unmarked) - before
            log.info("outbox.swept", found=len(left), published=published)
            if not published:
                return

    async def mark(self) -> None:
        marking, self._unmarked = self._unmarked, []
        if not marking:
            return
        try:
            async with self.app.transaction() as tx:
                await outbox.mark_published(tx, marking)
        except BaseException:
            self._unmarked = marking + self._unmarked
            raise

    async def backlog(self) -> int:
        """Rows that no stream has stored yet, as far as this process knows."""
        async with self.app.transaction() as tx:
            return max(0, await outbox.backlog(tx) - len(self._unmarked))
