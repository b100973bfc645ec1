"""How is ingest put together?"""

from __future__ import annotations

from collections.abc import Callable

from services.ingest import commands, queries, settings, snapshots, workers
from services.ingest.routes.postings import routes
from services.ingest.usecases import datasets, watching
from services.ingest.workers.datasets import watch
from shared.application import Application
from shared.outbound import Outbound
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Poll the datasets of the pack from now on. Raises `PackInvalid` for a mistake in it: nothing starts with it."""
    settings.classifier()
    settings.source_rules()
    settings.headings()
    settings.deployed()
    await watch(tx)


async def warnings(tx: Tx) -> list[str]:
    """What an operator should look at."""
    return [*await watching.warnings(tx), *await datasets.warnings(tx)]


def service_of(outbound: Callable[[], Outbound] = settings.outbound) -> Service:
    """The service, with a client that asks the hosts of sources."""
    return Service.of(
        "ingest",
        *commands.routers,
        *queries.routers,
        snapshots.router,
        *workers.routers_of(outbound),
        on_start=prepare,
        routes=routes,
        warn=warnings,
    )


service = service_of()


def app() -> Application:
    """Also for `faststream run --factory services.ingest.app:app`."""
    return Application(service)
