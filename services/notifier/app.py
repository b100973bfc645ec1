"""How is the notifier put together?"""

from __future__ import annotations

from services.notifier import commands, handlers, queries, schedule, settings, snapshots, workers
from services.notifier.routes.surface import routes
from services.notifier.workers.mailbox import watch
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Read the mailbox from now on. Raises `PackInvalid` for a mistake in the pack, with which nothing starts."""
    settings.check_pack()
    await watch(tx)


service = Service.of(
    "notifier",
    handlers.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    schedule.router,
    *workers.routers,
    on_start=prepare,
    routes=routes,
)


def app() -> Application:
    """Also for `faststream run --factory services.notifier.app:app`."""
    return Application(service)
