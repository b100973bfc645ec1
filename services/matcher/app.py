"""What is the matcher made of?"""

from __future__ import annotations

from services.matcher import handlers, schedule, settings
from services.matcher.asks import inbox, keys, names, questions, resampling
from services.matcher.memory import directory_of
from services.matcher.routes import routes
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """A bad pack stops the service at its start; the directory is read before the first posting asks for it."""
    settings.policy()
    settings.model()
    await directory_of(tx)


service = Service.of(
    "matcher",
    handlers.router,
    schedule.router,
    inbox.router,
    keys.router,
    names.router,
    questions.router,
    resampling.router,
    on_start=prepare,
    routes=routes,
)


def app() -> Application:
    """Also for `faststream run --factory services.matcher.app:app`."""
    return Application(service)
