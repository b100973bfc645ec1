"""Why is a service not ready, is anything in flight in it, and how is it doing?"""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING, Any

from shared import packs
from shared.clock import local_date
from shared.operations.ticking import late
from shared.storage import deadletters
from shared.storage.database import WOULD_WRITE, DatabaseAway

if TYPE_CHECKING:
    from shared.runtime import App


async def problems(app: App) -> list[str]:
    """Why the service is not ready; empty when it is."""
    found = [app.starting] if app.starting else _of_its_work(app)
    try:
        async with asyncio.timeout(2), app.transaction() as tx:
            await tx.run(WOULD_WRITE)
            found += await late(app, tx)
    except DatabaseAway as error:
        found.append(f"PostgreSQL is away or read-only: {error}")
    except TimeoutError:
        found.append("PostgreSQL is away")
    return found


def _of_its_work(app: App) -> list[str]:
    found = [f"{c.durable}: the server does not answer its pulls" for c in app.consumers if not c.alive]
    found += [f"{c.durable}: events wait for PostgreSQL to take them" for c in app.consumers if c.waits_for_database]
    if app.failing_job:
        found.append(app.failing_job)
    if not app.broker.connected:
        found.append("NATS is away")
    if app.relay.congested:
        found.append(f"more than {app.settings.outbox_limit} events wait for their stream; consumption is paused")
    return found


async def progress(app: App) -> list[dict[str, Any]]:
    """Per consumer: how many events it has still to take or acknowledge, and how many it was ever given."""
    infos = await asyncio.gather(*(app.broker.stream.consumer_info(c.stream, c.durable) for c in app.consumers))
    return [
        {
            "durable": info.name,
            "lag": (info.num_pending or 0) + (info.num_ack_pending or 0),
            "taken": info.delivered.consumer_seq if info.delivered else 0,
        }
        for info in infos
    ]


async def quiet(app: App) -> dict[str, Any]:
    """Whether anything is in flight here; the little that a simulation has to know, often."""
    consumers = await progress(app)
    in_flight = sum(c["lag"] for c in consumers) + await app.relay.backlog() + app.healing.in_doubt
    return {"in_flight": in_flight, "taken": [c["taken"] for c in consumers]}


async def status(app: App) -> dict[str, Any]:
    """What `pipeline status` shows of this service."""
    consumers = await progress(app)
    async with app.transaction() as tx:
        counts = await deadletters.counts(tx)
        last_due = {row["name"]: row["last_due"] for row in await tx.dicts("SELECT name, last_due FROM jobs")}
    return {
        "service": app.name,
        "now": (now := app.clock.now()),
        "today": local_date(now, app.timezone),
        "timezone": app.timezone,
        "simulation": app.settings.simulation,
        "problems": await problems(app),
        "consumers": consumers,
        "outbox": await app.relay.backlog(),
        **counts,
        "jobs": [{"name": j.name, "at": f"{j.at:%H:%M}", "last_due": last_due.get(j.name)} for j in app.jobs],
        "pack": packs.pack_hash(),
        "pid": os.getpid(),
        "up_seconds": round(time.monotonic() - app.started),
    }
