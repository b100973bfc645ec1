"""How is the sequencer put together?"""

from __future__ import annotations

from services.sequencer import commands, handlers, queries, schedule, snapshots
from services.sequencer.settings import names, playbook
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def check_pack(_: Tx) -> None:
    """Raises `PackInvalid` for a mistake in the pack: the service does not start with it."""
    playbook()
    names()


service = Service.of(
    "sequencer",
    handlers.router,
    schedule.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    on_start=check_pack,
)


def app() -> Application:
    """Also for `faststream run --factory services.sequencer.app:app`."""
    return Application(service)
