"""How does a driver make days pass for the services?

It tells all services the time and waits until nothing is in flight before it tells the next. The times that matter in
a day are those of the services' jobs; between them the world acts: postings are seen, people work.
"""

from __future__ import annotations

import asyncio
from datetime import date, time
from typing import TYPE_CHECKING, Any

from cli.client.connection import persistently
from shared import packs
from shared.clock import instant_at
from shared.contracts.kernel import InFlight, SetClock, Status
from shared.contracts.refusals import AskFailed
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

SETTLE_SECONDS = 300.0


class Simulation:
    """The clock of all services, in the hands of a driver."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.timezone = packs.calendar().timezone

    async def job_times(self) -> list[time]:
        """The times of day at which some service has a job, in order."""
        answers = [await persistently(self.broker, Status(), service=service) for service in SERVICES]
        return sorted({time.fromisoformat(job.at) for answer in answers for job in answer.jobs})

    async def tell(self, day: date, at: time, patience: float = SETTLE_SECONDS) -> None:
        """Set every service's clock, run the jobs that are due, and wait until all is quiet."""
        clock = SetClock(now=instant_at(day, at, self.timezone), actor="simulation")
        await asyncio.gather(*(persistently(self.broker, clock, service=service) for service in SERVICES))
        await self.settle(patience)

    async def settle(self, patience: float = SETTLE_SECONDS) -> None:
        """Wait until no service has anything to publish, take or retry, twice in a row with nothing between.

        Raises `TimeoutError` after `patience` seconds.
        """
        before: Any = None
        pause = 0.002
        async with asyncio.timeout(patience):
            while True:
                activity = await self._activity()
                if activity is not None and activity == before:
                    return
                before = activity
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 0.05)

    async def _activity(self) -> tuple[int, ...] | None:
        """How far every consumer has come; None while anything is in flight or a service is away."""
        try:
            answers = await asyncio.gather(
                *(self.broker.ask(InFlight(), timeout_seconds=5, service=s) for s in SERVICES)
            )
        except AskFailed as failed:
            if failed.code not in (503, 504):
                raise
            return None
        if any(answer.in_flight for answer in answers):
            return None
        return tuple(delivered for answer in answers for delivered in answer.delivered)
