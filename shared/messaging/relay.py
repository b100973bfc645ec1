"""How do events commit with their effects, and get from the outbox into the stream?

They are published right after the commit, from memory. The sweeper publishes what a crash or a lost connection left
behind. Publishing an event twice is harmless, so rows are marked as published later and in bulk, once the stream has
been verified. Events that were acknowledged over a connection that was lost since are republished, because the store
may have changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog

from shared.contracts.envelope import Envelope, refuse_unpublishable
from shared.contracts.kernel import NO_ID
from shared.messaging.broker import Broker
from shared.messaging.healing import Healing
from shared.metrics import DEAD_LETTERED, PUBLISHED
from shared.storage import deadletters, outbox, streams_seen
from shared.storage.database import Begin, Tx

log = structlog.get_logger()

SWEEP_ROWS = 1_000


@dataclass(eq=False)
class Relay:
    """Publishes what this process commits, and what any replica left behind."""

    broker: Broker
    healing: Healing
    begin_internal: Begin
    outbox_limit: int
    wake_workers: Callable[[Collection[str]], None] = lambda _: None
    """Called with the kinds of work that a transaction added, after its commit."""
    congested: bool = False
    """The backlog is over its limit, so consumers pause (backpressure)."""
    _unmarked: list[UUID] = field(default_factory=list)
    _reconnects: int = 0
    _created_at: datetime | None = None
    _publication: asyncio.Task[int] | None = None

    @asynccontextmanager
    async def begin(self, *, in_background: bool = False) -> AsyncIterator[Tx]:
        """A transaction that stores its events with its effects, and publishes them after the commit.

        With `in_background`, they are published while the next transaction runs.
        """
        async with self.begin_internal() as tx:
            yield tx
            events, tx.outgoing = tx.outgoing, []
            if events:
                refuse_unpublishable(events, self.broker.max_bytes)
                await outbox.write(tx, events)
        for consumer in tx.dead_lettered:
            DEAD_LETTERED.labels(consumer).inc()
        if tx.added_work:
            self.wake_workers(tx.added_work)
        if events:
            await (self.publish_in_background if in_background else self.publish)(events)

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        """Returns how many events the stream has stored."""
        if not self.broker.connected:
            return 0
        self._forget_lost_connection()
        reconnects = self._reconnects
        stored = await self.broker.publish(envelopes)
        PUBLISHED.inc(len(stored))
        if reconnects == self.broker.reconnects:
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
        if not self.broker.connected:
            return []
        async with self.begin_internal() as tx:
            return await outbox.unpublished(tx, SWEEP_ROWS, after)

    async def _check_backlog(self) -> None:
        async with self.begin_internal() as tx:
            await deadletters.forget_processed(tx)
            full = await outbox.backlog(tx, self._unmarked) > self.outbox_limit
        if full != self.congested:
            log.warning("outbox.full" if full else "outbox.drained", limit=self.outbox_limit)
        self.congested = full

    async def mark(self) -> None:
        """Mark events as published and record the state that their stream had after that, in one transaction."""
        self._forget_lost_connection()
        reconnects, count = self._reconnects, len(self._unmarked)
        if not (count or self.healing.due) or not self.broker.connected:
            return
        current = await self.healing.verify()
        same = current is not None and self._created_at in (None, current.created_at)
        self._created_at = current.created_at if current else None
        if current is None or not same or reconnects != self.broker.reconnects:
            self._unmarked = []
            return
        marking, self._unmarked = self._unmarked[:count], self._unmarked[count:]
        try:
            async with self.begin_internal() as tx:
                # The record comes first, as in a replay, so that one of them waits for the other.
                if await streams_seen.record(tx, self.healing.stream, current):
                    await outbox.mark_published(tx, marking)
        except BaseException:
            if reconnects == self.broker.reconnects:
                self._unmarked = marking + self._unmarked
            raise

    async def backlog(self) -> int:
        """Events that no stream has stored yet, as far as this process knows."""
        self._forget_lost_connection()
        async with self.begin_internal() as tx:
            return await outbox.backlog(tx, self._unmarked)

    def _forget_lost_connection(self) -> None:
        if self._reconnects != self.broker.reconnects:
            self._unmarked, self._reconnects = [], self.broker.reconnects
