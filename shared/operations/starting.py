"""What must be done before a service consumes its first event?"""

from __future__ import annotations

from datetime import datetime

from shared.clock import Clock, SimulatedClock
from shared.service import Job
from shared.storage import simulated_time
from shared.storage.database import WOULD_WRITE
from shared.storage.transactions import Begin


class Starting:
    """Runs a service's `on_start` once: at its start or, in a simulation, when the time is first set."""

    def __init__(self, clock: Clock, begin: Begin, on_start: Job | None) -> None:
        self._clock = clock
        self._begin = begin
        self._on_start = on_start
        self._prepared = False

    async def prepare(self) -> None:
        """Restore the time of a simulation, then run `on_start`; raises `DatabaseUnavailable`."""
        async with self._begin() as tx:
            await tx.run(WOULD_WRITE)
        if not isinstance(self._clock, SimulatedClock):
            await self._prepare_once()
            return
        async with self._begin() as tx:
            now = await simulated_time.read(tx)
        if now:
            await self.set_time(now)

    async def set_time(self, now: datetime) -> None:
        """Set the simulated time; raises `TypeError` outside a simulation."""
        if not isinstance(self._clock, SimulatedClock):
            raise TypeError("this is not a simulation")
        self._clock.set(now)
        async with self._begin() as tx:
            await simulated_time.write(tx, now)
        await self._prepare_once()

    async def _prepare_once(self) -> None:
        if self._on_start and not self._prepared:
            async with self._begin() as tx:
                await self._on_start(tx)
        self._prepared = True
