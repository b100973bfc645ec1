"""How is the scorer put together?"""

from services.scorer import commands, handlers, queries, schedule, snapshots
from services.scorer.usecases.publishing import publish_model
from shared.application import Application
from shared.service import Service

service = Service.of(
    "scorer",
    handlers.router,
    schedule.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    on_start=publish_model,
)


def app() -> Application:
    """Also for `faststream run --factory services.scorer.app:app`."""
    return Application(service)
