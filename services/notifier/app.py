"""What is the notifier made of?"""

from __future__ import annotations

from services.notifier import handlers, queries, settings
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def refuse_a_bad_pack(tx: Tx) -> None:
    """A template that cannot be written stops the service at its start, not a touch on its day."""
    settings.stationery()


service = Service.of("notifier", handlers.router, *queries.routers, on_start=refuse_a_bad_pack)


def app() -> Application:
    """Also for `faststream run --factory services.notifier.app:app`."""
    return Application(service)
