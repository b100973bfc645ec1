"""How is ingest put together?"""

from __future__ import annotations

from services.ingest import commands, queries, settings, snapshots, workers
from services.ingest.routes.postings import routes
from services.ingest.workers.datasets import watch
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Poll the datasets of the pack from now on. Raises `PackInvalid` for a mistake in it: nothing starts with it."""
    settings.classifier()
    settings.source_rules()
    settings.headings()
    await watch(tx)


service = Service.of(
    "ingest",
    *commands.routers,
    *queries.routers,
    snapshots.router,
    *workers.routers,
    on_start=prepare,
    routes=routes,
)


def app() -> Application:
    """Also for `faststream run --factory services.ingest.app:app`."""
    return Application(service)
