"""How is the courier put together?"""

from __future__ import annotations

from collections.abc import Callable

from services.courier import commands, handlers, queries, schedule, settings, workers
from services.courier.routes import routes
from services.courier.store import log
from services.courier.usecases import crm, recipients, watching
from services.courier.workers.history import read_all
from shared.application import Application
from shared.outbound import Outbound
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Read what the services published before the courier existed. A simulation begins with nothing."""
    if not settings.deployed().simulation and not await log.end(tx):
        await read_all(tx)


async def warnings(tx: Tx) -> list[str]:
    """What an operator should look at: webhooks, recipients of notices and a CRM that get nothing."""
    return [*await watching.warnings(tx), *await recipients.warnings(tx), *await crm.warnings(tx)]


def service_of(outbound: Callable[[], Outbound] = settings.outbound) -> Service:
    """The courier; `outbound` makes the client that asks receivers."""
    return Service.of(
        "courier",
        handlers.router,
        *commands.routers,
        *queries.routers,
        schedule.router,
        *workers.routers_of(outbound),
        on_start=prepare,
        routes=routes,
        warn=warnings,
    )


service = service_of()


def app() -> Application:
    """Also for `faststream run --factory services.courier.app:app`."""
    return Application(service)
