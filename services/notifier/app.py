"""How is the notifier put together?"""

from __future__ import annotations

from services.notifier import commands, handlers, queries, settings, snapshots, workers
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def check_pack(tx: Tx) -> None:
    """Raises `PackInvalid` for a template that cannot be rendered: the service does not start with it."""
    settings.check_pack()


service = Service.of(
    "notifier",
    handlers.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    *workers.routers,
    on_start=check_pack,
)


def app() -> Application:
    """Also for `faststream run --factory services.notifier.app:app`."""
    return Application(service)
