"""What does the courier do with events? It adds each one to its log, and wakes those that wait for it."""

from __future__ import annotations

from typing import Any

from services.courier.usecases.logging import LOCK, record
from shared.contracts.topology import CONSUMES
from shared.service import Handler, Locks, Router
from shared.storage.database import Tx

router = Router()


def _handler() -> Handler:
    async def log_events(events: list[Any], tx: Tx) -> None:
        await record(tx, events)

    return log_events


for _event in CONSUMES["courier"]:
    router.events(_event, locks=lambda _: Locks(*LOCK))(_handler())
