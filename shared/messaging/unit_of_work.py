"""How do effects and their events commit together?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.contracts.envelope import refuse_unpublishable
from shared.messaging.broker import Broker
from shared.messaging.relay import Relay
from shared.storage import outbox
from shared.storage.database import Tx
from shared.storage.transactions import Begin


class UnitOfWork:
    """Transactions that store their events with their effects, and publish them after the commit."""

    def __init__(self, begin_internal: Begin, broker: Broker, relay: Relay) -> None:
        self._begin_internal = begin_internal
        self._broker = broker
        self._relay = relay

    @asynccontextmanager
    async def begin(self, *, in_background: bool = False) -> AsyncIterator[Tx]:
        """Publish right after the commit or, with `in_background`, while the next transaction runs."""
        async with self._begin_internal() as tx:
            yield tx
            events, tx.outgoing = tx.outgoing, []
            if events:
                refuse_unpublishable(events, self._broker.max_bytes)
                await outbox.write(tx, events)
        if events:
            await (self._relay.publish_in_background if in_background else self._relay.publish)(events)
