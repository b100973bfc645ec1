"""Does every service list the events that it has published?

A service lists an event as published about a second after it has published it. The last events of a simulation would be
missing from figures that are computed at once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from shared.contracts.kernel import Status
from shared.contracts.services import SERVICES

if TYPE_CHECKING:
    from shared.messaging.broker import Broker

TRIES, PAUSE = 300, 0.1


async def wait_until_listed(broker: Broker) -> None:
    """Raises `TimeoutError` after half a minute."""
    for _ in range(TRIES):
        if not any([(await broker.ask(Status(), service=service)).unlisted for service in SERVICES]):
            return
        await asyncio.sleep(PAUSE)
    raise TimeoutError("The services do not list every event that they published; `pipeline status` shows more.")
