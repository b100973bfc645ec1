"""How is the sequencer put together?"""

from __future__ import annotations

from engines.packs import calendar
from services.sequencer import commands, handlers, queries, schedule, snapshots
from services.sequencer.domain.reps import team_of
from services.sequencer.routes.engagements import routes
from services.sequencer.settings import first_reps, names, playbook
from services.sequencer.store import reps, sequences
from services.sequencer.usecases.announcing import rep_changed
from shared.application import Application
from shared.service import Service
from shared.storage.database import Tx


async def prepare(tx: Tx) -> None:
    """Check the pack, with whose mistakes the service does not start; store its sequences, and a new deployment's reps.

    Raises `PackInvalid`.
    """
    await sequences.record(tx, playbook().sequences.values())
    names()
    tx.emit(*map(rep_changed, await reps.seed(tx, team_of(first_reps(), calendar().timezone).reps)))


service = Service.of(
    "sequencer",
    handlers.router,
    schedule.router,
    *commands.routers,
    *queries.routers,
    snapshots.router,
    on_start=prepare,
    routes=routes,
)


def app() -> Application:
    """Also for `faststream run --factory services.sequencer.app:app`."""
    return Application(service)
