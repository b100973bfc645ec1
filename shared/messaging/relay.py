"""How do committed events get from the outbox into the stream?

Right after the commit, from memory. What a crash or a lost connection left behind is swept up later; publishing
twice is harmless, so rows are marked as published in bulk, a moment later, once the stream was seen to be whole. What
was acknowledged over a connection that has since been lost is published again: the store behind it may be another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from shared.contracts.envelope import Envelope
from shared.contracts.kernel import NO_ID
from shared.messaging.broker import Broker
from shared.messaging.healing import Healing
from shared.metrics import PUBLISHED
from shared.storage import deadletters, outbox
from shared.storage.outbox import Stored
from shared.storage.transactions import Begin

log = structlog.get_logger()

SWEEP_ROWS = 1_000


class Relay:
    """Publishes what one process commits, and what anybody left behind."""

    def __init__(self, broker: Broker, healing: Healing, begin: Begin, outbox_limit: int) -> None:
        self.congested = False
        """The outbox is too full: what cannot be published yet must not become ever more."""
        self._broker = broker
        self._healing = healing
        self._begin = begin
        self.outbox_limit = outbox_limit
        self._unmarked: list[UUID] = []
        self._connection = 0
        self._created_at: datetime | None = None
        self._trailing: asyncio.Task[int] | None = None

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        """Returns how many of them the stream has stored."""
        if not self._broker.connected:
            return 0
        self._forget_other_connections()
        connection = self._connection
        stored = await self._broker.publish(envelopes)
        PUBLISHED.inc(len(stored))
        if connection == self._broker.connections:
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
        last, going_out = NO_ID, None
        await self._weigh()
        left = await self._left_behind(last)
        while left:
            if going_out and not await going_out:
                break
            going_out = await self.trail([outbox.sealed(stored) for stored in left])
            last = left[-1].event_id
            left, _ = await asyncio.gather(self._left_behind(last), self.mark())
        if going_out:
            log.info("outbox.swept", up_to=str(last), published=await going_out)
            await self.mark()
            await self._weigh()

    async def _left_behind(self, after: UUID) -> list[Stored]:
        if not self._broker.connected:
            return []
        async with self._begin() as tx:
            return await outbox.unpublished(tx, SWEEP_ROWS, after)

    async def _weigh(self) -> None:
        async with self._begin() as tx:
            await deadletters.forget_taken(tx)
            full = await outbox.backlog(tx, self._unmarked) > self.outbox_limit
        if full != self.congested:
            log.warning("outbox.full" if full else "outbox.drained", limit=self.outbox_limit)
        self.congested = full

    async def mark(self) -> None:
        """Remember what was published together with how far the stream had come after that."""
        self._forget_other_connections()
        connection, count = self._connection, len(self._unmarked)
        if not (count or self._healing.due) or not self._broker.connected:
            return
        seen = await self._healing.verify()
        same = seen is not None and self._created_at in (None, seen.created_at)
        self._created_at = seen.created_at if seen else None
        if seen is None or not same or connection != self._broker.connections:
            self._unmarked = []
            return
        marking, self._unmarked = self._unmarked[:count], self._unmarked[count:]
        try:
            async with self._begin() as tx:
                # First, as a replay does: one waits for the other.
                if await self._healing.remember(tx, seen):
                    await outbox.mark_published(tx, marking)
        except BaseException:
            if connection == self._broker.connections:
                self._unmarked = marking + self._unmarked
            raise

    async def backlog(self) -> int:
        """Rows that no stream has stored yet, as far as this process knows."""
        self._forget_other_connections()
        async with self._begin() as tx:
            return await outbox.backlog(tx, self._unmarked)

    def _forget_other_connections(self) -> None:
        if self._connection != self._broker.connections:
            self._unmarked, self._connection = [], self._broker.connections
