"""How is ingest put together?"""

from __future__ import annotations

from services.ingest import commands, queries, settings, snapshots
from services.ingest.routes.postings import routes
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def check_pack(tx: Tx) -> None:
    """Raises `PackInvalid` for a mistake in the pack: the service does not start with it."""
    settings.classifier()
    settings.source_rules()
    settings.headings()


service = Service.of(
    "ingest", *commands.routers, *queries.routers, snapshots.router, on_start=check_pack, routes=routes
)


def app() -> Application:
    """Also for `faststream run --factory services.ingest.app:app`."""
    return Application(service)
