"""What happens when the server stops replying to the pulls of a consumer?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer

DECLARE_SECONDS = 3.0
"""Between two tries to bring a silent consumer back."""


class ConsumerSilent(Exception):
    """The server is connected, but does not reply to the pulls of a consumer, although it was declared again."""


@dataclass(frozen=True, slots=True)
class Watchdog:
    """Declares silent consumers again, and ends the process if that does not help."""

    broker: Broker
    consumers: Sequence[Consumer]
    give_up_seconds: float
    _silent_since: dict[str, float] = field(default_factory=dict)
    _tried_at: dict[str, float] = field(default_factory=dict)

    async def watch(self) -> None:
        """Declare silent consumers again; raises `ConsumerSilent` if one stays silent."""
        for consumer in self.consumers:
            if consumer.alive or consumer.busy or not self.broker.connected:
                self._silent_since.pop(consumer.durable, None)
            elif await self._silent_for(consumer) > self.give_up_seconds:
                raise ConsumerSilent(f"{consumer.durable} gets no reply, and declaring it again did not help")

    async def _silent_for(self, consumer: Consumer) -> float:
        now, name = time.monotonic(), consumer.durable
        since = self._silent_since.setdefault(name, now)
        if now - self._tried_at.get(name, 0.0) >= DECLARE_SECONDS:
            self._tried_at[name] = now
            if not await consumer.declare():
                self._silent_since[name] = now
            consumer.wake()
        return now - since
