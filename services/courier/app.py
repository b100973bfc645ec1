"""How is the courier put together?"""

from __future__ import annotations

from services.courier import handlers, schedule, settings, workers
from services.courier.store import log
from services.courier.workers.history import read_all
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Read what the services published before the courier existed. A simulation begins with nothing."""
    if not settings.deployed().simulation and not await log.end(tx):
        await read_all(tx)


service = Service.of("courier", handlers.router, schedule.router, *workers.routers, on_start=prepare)


def app() -> Application:
    """Also for `faststream run --factory services.courier.app:app`."""
    return Application(service)
