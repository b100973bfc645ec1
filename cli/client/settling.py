"""Does every service list the events that its stream has?

A service lists an event as published about a second after it has published it. The last events of a simulation would be
missing from figures that are computed at once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from shared.contracts import topology
from shared.contracts.kernel import OutboxWindow

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

TRIES, PAUSE = 300, 0.1


async def wait_until_listed(broker: Broker) -> None:
    """Raises `TimeoutError` after half a minute."""
    for _ in range(TRIES):
        if all([await _listed(broker, service) >= await _stored(broker, service) for service in topology.SERVICES]):
            return
        await asyncio.sleep(PAUSE)
    raise TimeoutError("The services do not list every event that they published; `pipeline status` shows more.")


async def _listed(broker: Broker, service: str) -> int:
    return sum(subject.events for subject in await broker.ask(OutboxWindow(), service=service))


async def _stored(broker: Broker, service: str) -> int:
    return (await broker.stream.stream_info(topology.stream_of(service))).state.messages
