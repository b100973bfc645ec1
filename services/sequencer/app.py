"""The sequencer, put together."""

from __future__ import annotations

from services.sequencer import commands, handlers, queries, schedule, snapshots
from services.sequencer.settings import names, playbook
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def check_playbook(_: Tx) -> None:
    """A playbook that cannot be followed is found at start, not at six in the morning."""
    playbook()
    names()


service = Service.of(
    "sequencer",
    handlers.router,
    schedule.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    on_start=check_playbook,
)


def app() -> Application:
    """Also for `faststream run --factory services.sequencer.app:app`."""
    return Application(service)
