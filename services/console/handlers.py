"""How do events change the read models? All of them in one way."""

from __future__ import annotations

from typing import Any

from services.console.usecases.recording import record_and_announce
from shared.contracts.topology import CONSUMES
from shared.service import Handler, Router
from shared.storage.database import Tx

router = Router()


def _handler() -> Handler:
    async def record_events(events: list[Any], tx: Tx) -> None:
        await record_and_announce(tx, events)

    return record_events


for _event in CONSUMES["console"]:
    router.events(_event)(_handler())
