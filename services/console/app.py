"""How is the console put together?"""

from __future__ import annotations

from services.console import commands, handlers, queries, settings, workers
from services.console.screens.surface import routes
from services.console.usecases.rebuilding import rebuild_at_first
from services.console.usecases.sealing import seal_all
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Read what the services published before the console existed. A simulation begins with nothing."""
    await seal_all(tx)
    if not settings.deployed().simulation:
        await rebuild_at_first(tx)


service = Service.of(
    "console",
    handlers.router,
    *commands.routers,
    *queries.routers,
    *workers.routers,
    on_start=prepare,
    routes=routes,
)


def app() -> Application:
    """Also for `faststream run --factory services.console.app:app`."""
    settings.refuse_invalid()
    return Application(service)
