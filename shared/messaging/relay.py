"""How do committed events get from the outbox into the stream?

Right after the commit, from memory. The sweeper publishes what a crash or a lost connection left behind. Publishing an
event twice is harmless, so rows are marked as published later and in bulk, once the stream has been verified. Events
that were acknowledged over a connection that was lost since are republished, because the store may have changed.
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
from shared.storage import deadletters, outbox, streams_seen
from shared.storage.transactions import Begin

log = structlog.get_logger()

SWEEP_ROWS = 1_000


class Relay:
    """Publishes what this process commits, and what any replica left behind."""

    def __init__(self, broker: Broker, healing: Healing, begin_internal: Begin, outbox_limit: int) -> None:
        self.congested = False
        """The backlog is over its limit, so consumers pause (backpressure)."""
        self._broker = broker
        self._healing = healing
        self._begin_internal = begin_internal
        self.outbox_limit = outbox_limit
        self._unmarked: list[UUID] = []
        self._reconnects = 0
        self._created_at: datetime | None = None
        self._publication: asyncio.Task[int] | None = None

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        """Returns how many events the stream has stored."""
        if not self._broker.connected:
            return 0
        self._forget_lost_connection()
        reconnects = self._reconnects
        stored = await self._broker.publish(envelopes)
        PUBLISHED.inc(len(stored))
        if reconnects == self._broker.reconnects:
            self._unmarked += [envelope.event_id for envelope in stored]
        return len(stored)

    async def publish_in_background(self, envelopes: Sequence[Envelope]) -> asyncio.Task[int]:
        """Publish while the caller begins its next transaction; waits for an earlier publication first.

        Nothing depends on the outcome: the sweeper publishes what is committed and unpublished.
        """
        await self.settle()
        self._publication = asyncio.create_task(self.publish(envelopes), name="publication")
        return self._publication

    async def settle(self) -> None:
        """Wait for the publication in progress."""
        while self._publication is not None and not self._publication.done():
            await asyncio.wait([self._publication])

    async def sweep(self) -> None:
        """Mark what was published, then publish what was left behind, page by page, until a page fails.

        While a page is being published, the previous one is marked and the next one is read.
        """
        await self.mark()
        last, publication = NO_ID, None
        await self._check_backlog()
        page = await self._left_behind(last)
        while page:
            if publication and not await publication:
                break
            publication = await self.publish_in_background(page)
            last = page[-1].event_id
            page, _ = await asyncio.gather(self._left_behind(last), self.mark())
        if publication:
            log.info("outbox.swept", up_to=str(last), published=await publication)
            await self.mark()
            await self._check_backlog()

    async def _left_behind(self, after: UUID) -> list[Envelope]:
        if not self._broker.connected:
            return []
        async with self._begin_internal() as tx:
            return await outbox.unpublished(tx, SWEEP_ROWS, after)

    async def _check_backlog(self) -> None:
        async with self._begin_internal() as tx:
            await deadletters.forget_processed(tx)
            full = await outbox.backlog(tx, self._unmarked) > self.outbox_limit
        if full != self.congested:
            log.warning("outbox.full" if full else "outbox.drained", limit=self.outbox_limit)
        self.congested = full

    async def mark(self) -> None:
        """Mark events as published and record the state that their stream had after that, in one transaction."""
        self._forget_lost_connection()
        reconnects, count = self._reconnects, len(self._unmarked)
        if not (count or self._healing.due) or not self._broker.connected:
            return
        current = await self._healing.verify()
        same = current is not None and self._created_at in (None, current.created_at)
        self._created_at = current.created_at if current else None
        if current is None or not same or reconnects != self._broker.reconnects:
            self._unmarked = []
            return
        marking, self._unmarked = self._unmarked[:count], self._unmarked[count:]
        try:
            async with self._begin_internal() as tx:
                # The record comes first, as in a replay, so that one of them waits for the other.
                if await streams_seen.record(tx, self._healing.stream, current):
                    await outbox.mark_published(tx, marking)
        except BaseException:
            if reconnects == self._broker.reconnects:
                self._unmarked = marking + self._unmarked
            raise

    async def backlog(self) -> int:
        """Events that no stream has stored yet, as far as this process knows."""
        self._forget_lost_connection()
        async with self._begin_internal() as tx:
            return await outbox.backlog(tx, self._unmarked)

    def _forget_lost_connection(self) -> None:
        if self._reconnects != self._broker.reconnects:
            self._unmarked, self._reconnects = [], self._broker.reconnects
