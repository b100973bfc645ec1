"""How is the matcher put together?"""

from __future__ import annotations

from services.matcher import commands, handlers, queries, schedule, settings, snapshots
from services.matcher.routes.reconciliation import routes
from services.matcher.usecases.directory import directory_of
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Validate the pack, and read the directory before the first posting needs it."""
    settings.policy()
    settings.model()
    await directory_of(tx)


service = Service.of(
    "matcher",
    handlers.router,
    schedule.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    on_start=prepare,
    routes=routes,
)


def app() -> Application:
    """Also for `faststream run --factory services.matcher.app:app`."""
    return Application(service)
