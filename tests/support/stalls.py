"""For how long does nothing pass from a stream through a service, while something befalls a server?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.messaging.broker import UNAVAILABLE, Broker
from shared.metrics import HANDLED
from tests.integration.test_kernel import sealed
from tests.support.running import Running

PAUSE_SECONDS = 0.02


class Flow:
    """Publishes one event after the other, each until it is stored, and watches when the service handles them."""

    def __init__(self, service: Running, owner: Broker) -> None:
        self.published = 0
        self._service = service
        self._owner = owner
        self._longest = 0.0
        self._stopping = False

    async def publish(self) -> None:
        while not self._stopping:
            events = [sealed(self.published)]
            while not await self._owner.publish(events):  # noqa: ASYNC110 - the sweeper of a service does the same
                await asyncio.sleep(0.1)
            self.published += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def watch(self) -> None:
        handled = HANDLED.labels("matcher-posting-seen")
        count, since = self._value(handled), time.monotonic()
        while not self._stopping:
            await asyncio.sleep(PAUSE_SECONDS)
            now = time.monotonic()
            self._longest = max(self._longest, now - since)
            if self._value(handled) != count:
                count, since = self._value(handled), now

    async def stalled(self, seconds: float) -> float:
        """The longest stall of the next seconds."""
        self._longest = 0.0
        await asyncio.sleep(seconds)
        return self._longest

    def stop(self) -> None:
        self._stopping = True

    @staticmethod
    def _value(counter: object) -> float:
        return float(counter._value.get())  # type: ignore[attr-defined]


@asynccontextmanager
async def flow(service: Running) -> AsyncIterator[Flow]:
    """Events that flow until the end; then nothing is in flight."""
    running = Flow(service, await service.broker("ingest"))
    tasks = [asyncio.create_task(running.publish()), asyncio.create_task(running.watch())]
    await asyncio.sleep(0.5)
    try:
        yield running
    finally:
        running.stop()
        await asyncio.gather(*tasks)
    await _idle(service)


async def _idle(service: Running) -> None:
    """Nothing is in flight; leaders may still be elected when this is asked."""
    for _ in range(30):
        try:
            await service.idle()
            return
        except UNAVAILABLE:
            await asyncio.sleep(1)
