"""What must be done before a service consumes its first event?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.clock import Clock, SimulatedClock
from shared.service import Job
from shared.storage import jobs
from shared.storage.database import WOULD_WRITE, Begin


@dataclass(eq=False)
class Starting:
    """Runs a service's `on_start` once: at its start or, in a simulation, when the time is first set."""

    clock: Clock
    begin: Begin
    on_start: Job | None
    waits_for: str = "it is starting and waiting for NATS"
    """What the start waits for; empty once the service has started."""
    _prepared: bool = False

    async def prepare(self) -> None:
        """Restore the time of a simulation, then run `on_start`; raises `DatabaseUnavailable`."""
        async with self.begin() as tx:
            await tx.run(WOULD_WRITE)
            now = await jobs.simulated_time(tx)
        if not isinstance(self.clock, SimulatedClock):
            await self._prepare_once()
        elif now:
            await self.set_time(now)

    async def set_time(self, now: datetime) -> None:
        """Set the simulated time; raises `TypeError` outside a simulation."""
        if not isinstance(self.clock, SimulatedClock):
            raise TypeError("this is not a simulation")
        self.clock.set(now)
        async with self.begin() as tx:
            await jobs.set_simulated_time(tx, now)
        await self._prepare_once()

    async def _prepare_once(self) -> None:
        if self.on_start and not self._prepared:
            async with self.begin() as tx:
                await self.on_start(tx)
        self._prepared = True
