"""How does one run of a service begin a transaction?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from shared.clock import Clock, local_date
from shared.storage.database import Database, Tx

Begin = Callable[[], AbstractAsyncContextManager[Tx]]
"""Opens a transaction, which commits at its end; raises `DatabaseUnavailable`."""


class Transactions:
    """Transactions of one service, each at the service's own time and with the cache of its process.

    What they emit is nobody's here: `shared.messaging.unit_of_work` stores and publishes it.
    """

    def __init__(self, database: Database, service: str, clock: Clock, timezone: str, cache: dict[str, Any]) -> None:
        self._database = database
        self._service = service
        self._clock = clock
        self._timezone = timezone
        self._cache = cache

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        async with self._database.connection() as connection:
            now = self._clock.now()
            yield Tx(connection, self._service, now, local_date(now, self._timezone), self._cache)
