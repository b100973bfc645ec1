"""How does a driver simulate days for the services?

It sets the clock of all services and waits until nothing is in flight before it sets the next time. A day has the
times of the services' jobs; between them, postings are submitted and invented people work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

from cli.client.connection import persistently
from engines import packs
from shared.clock import instant_at
from shared.contracts.kernel import InFlight, SetClock, Status
from shared.contracts.refusals import AskFailed
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

IDLE_SECONDS = 300.0
BEHIND = ("console", "courier")
"""The services that show what others do, or pass it on. They may be behind until the end."""
DECIDING = tuple(service for service in SERVICES if service not in BEHIND)
"""The services whose work changes what others do."""

EXCHANGING = (*DECIDING, "courier")
"""With the one that exchanges accounts with a CRM, whose users decide too."""


class Simulation:
    """The simulated clock of all services."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.timezone = packs.calendar().timezone

    async def job_times(self) -> list[time]:
        """The times of day of the jobs whose work changes what others do, in order.

        The other services run their jobs at the next of these times.
        """
        answers = [await persistently(self.broker, Status(), service=service) for service in DECIDING]
        return sorted({time.fromisoformat(job.at) for answer in answers for job in answer.jobs})

    async def set_time(self, day: date, at: time, patience: float = IDLE_SECONDS) -> None:
        """Set every service's clock, which runs the due jobs, and wait until nothing is in flight.

        Those that may be behind set theirs while the others work.
        """
        clock = SetClock(now=instant_at(day, at, self.timezone), actor="simulation")

        async def decided() -> None:
            await asyncio.gather(*(persistently(self.broker, clock, service=service) for service in DECIDING))
            await self.wait_until_idle(patience)

        await asyncio.gather(decided(), *(persistently(self.broker, clock, service=service) for service in BEHIND))

    async def wait_until_idle(self, patience: float = IDLE_SECONDS, services: tuple[str, ...] = DECIDING) -> None:
        """Wait until none of the services has anything to publish, process or retry, twice in a row without any change.

        An answer costs a service a look at all its consumers, so those that were idle are not asked while others are
        busy. Raises `TimeoutError` after `patience` seconds.
        """
        asked = services
        before: Any = None
        pause = 0.002
        async with asyncio.timeout(patience):
            while True:
                positions = await asyncio.gather(*map(self._positions, asked))
                if busy := tuple(service for service, at in zip(asked, positions, strict=True) if at is None):
                    asked, before = busy, None
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.5, 0.05)
                elif asked != services:
                    asked = services
                elif positions == before:
                    return
                else:
                    before = positions

    async def _positions(self, service: str) -> Sequence[int] | None:
        """The position of every consumer of a service; None while anything is in flight or it is unavailable."""
        try:
            answer = await self.broker.ask(InFlight(), timeout_seconds=5, service=service)
        except AskFailed as failed:
            if failed.code not in (503, 504):
                raise
            return None
        return None if answer.in_flight else answer.delivered
