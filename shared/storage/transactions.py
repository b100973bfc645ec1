"""How does a running service begin a transaction?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from shared.clock import Clock, local_date
from shared.storage.database import Database, Tx

Begin = Callable[[], AbstractAsyncContextManager[Tx]]
"""Begins a transaction, which commits at its end; raises `DatabaseUnavailable`."""


class Transactions:
    """Transactions of one service, at the service's time and with the cache of its process.

    They do not publish: `shared.messaging.unit_of_work` stores and publishes what they emit.
    """

    def __init__(self, database: Database, service: str, clock: Clock, timezone: str, cache: dict[str, Any]) -> None:
        self._database = database
        self._service = service
        self._clock = clock
        self._timezone = timezone
        self._cache = cache

    @asynccontextmanager
    async def begin_internal(self) -> AsyncIterator[Tx]:
        """For the kernel itself, which emits nothing here: an event would be lost without an error."""
        async with self._database.connection() as connection:
            now = self._clock.now()
            tx = Tx(connection, self._service, now, local_date(now, self._timezone), self._cache)
            yield tx
            assert not tx.outgoing, "an internal transaction publishes no events"  # noqa: S101 - a bug of ours
