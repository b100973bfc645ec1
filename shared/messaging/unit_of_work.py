"""How do effects and the events that tell of them become one?"""

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
    """Transactions whose events are stored with their effects, and published once they have committed."""

    def __init__(self, begin: Begin, broker: Broker, relay: Relay) -> None:
        self._begin = begin
        self._broker = broker
        self._relay = relay

    @asynccontextmanager
    async def begin(self, *, publish_later: bool = False) -> AsyncIterator[Tx]:
        """Publishes at its end or, `publish_later`, while the next one is under way."""
        async with self._begin() as tx:
            yield tx
            if tx.outgoing:
                refuse_unpublishable(tx.outgoing, self._broker.max_bytes)
                await outbox.write(tx, tx.outgoing)
        if tx.outgoing:
            await (self._relay.trail if publish_later else self._relay.publish)(tx.outgoing)
