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
from shared.outbox import Stored

if TYPE_CHECKING:
    from shared.app import App

log = structlog.get_logger()

SWEEP_ROWS = 1_000


class Relay:
    """Publishes what one process commits, and what anybody left behind."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._unmarked: list[UUID] = []
        self._trailing: asyncio.Task[int] | None = None

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        """Returns how many of them the stream has stored."""
        if not self.app.broker.connected:
            return 0
        stored = await self.app.broker.publish(envelopes)
        PUBLISHED.inc(len(stored))
        self._unmarked += [envelope.event_id for envelope in stored]
        return len(stored)

    async def trail(self, envelopes: Sequence[Envelope]) -> asyncio.Task[int]:
        """Publish while the caller goes on with its next transaction; waits while an earlier publication is under way.

        Nothing depends on it: what was committed and is not published is in the outbox, and the sweeper's.
        """
        await self.settle()
        self._trailing = asyncio.create_task(self.publish(envelopes), name="publication")
        return self._trailing

    async def settle(self) -> None:
        """Wait for the publication that is under way."""
        while self._trailing is not None and not self._trailing.done():
            await asyncio.wait([self._trailing])

    async def sweep(self) -> None:
        """Mark what was published, then publish what was left behind: page after page, as long as pages go out.

        While one page is published, the one before it is marked and the one after it is read.
        """
        await self.mark()
        last, going_out = 0, None
        left = await self._left_behind(last)
        while left:
            if going_out and not await going_out:
                break
            going_out = await self.trail([outbox.sealed(stored) for stored in left])
            last = left[-1].outbox_no
            left, _ = await asyncio.gather(self._left_behind(last), self.mark())
        if going_out:
            log.info("outbox.swept", up_to=last, published=await going_out)
            await self.mark()

    async def _left_behind(self, after: int) -> list[Stored]:
        if not self.app.broker.connected:
            return []
        async with self.app.transaction() as tx:
            return await outbox.unpublished(tx, SWEEP_ROWS, after)

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
