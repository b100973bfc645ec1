"""How is ingest put together?"""

from __future__ import annotations

from services.ingest import commands, queries, settings
from services.ingest.routes.postings import routes
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def check_pack(tx: Tx) -> None:
    """A mistake in the pack stops the service when it starts, not at the first posting."""
    settings.classifier()
    settings.source_rules()
    settings.headings()


service = Service.of("ingest", *commands.routers, *queries.routers, on_start=check_pack, routes=routes)


def app() -> Application:
    """Also for `faststream run --factory services.ingest.app:app`."""
    return Application(service)
