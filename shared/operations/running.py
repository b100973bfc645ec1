"""What can every service be asked about itself: how it is, what time it is, and its jobs?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.clock import Clock, SimulatedClock, local_date
from shared.contracts.limits import ShortText
from shared.contracts.refusals import Refused
from shared.contracts.requests import Nothing, Request
from shared.operations.health import Health
from shared.operations.starting import Starting
from shared.operations.ticking import Ticker
from shared.service import Ask


class TellTime(Request):
    """What the driver of a simulation says the time is."""

    now: datetime


class RunJob(Request):
    job: ShortText


def asks(
    service: str, clock: Clock, timezone: str, starting: Starting, ticker: Ticker, health: Health
) -> Sequence[Ask]:
    async def status(request: Nothing) -> dict[str, Any]:
        return await health.status()

    async def quiet(request: Nothing) -> dict[str, Any]:
        return await health.quiet()

    async def time(request: Nothing) -> dict[str, Any]:
        now = clock.now()
        return {"now": now, "today": local_date(now, timezone), "timezone": timezone}

    async def tell(request: TellTime) -> dict[str, Any]:
        if not isinstance(clock, SimulatedClock):
            raise Refused("This is no simulation: nobody tells a service the time.", 409)
        await starting.tell(request.now)
        return {"ran": await ticker.tick()}

    async def run(request: RunJob) -> dict[str, Any]:
        if not await ticker.run_now(request.job):
            names = ", ".join(job.name for job in ticker.jobs) or "none"
            raise Refused(f"{service} has no job {request.job!r}; it has: {names}.", 404)
        return {"ran": [request.job]}

    return [
        Ask("status", None, Nothing, status, in_transaction=False),
        Ask("quiet", None, Nothing, quiet, in_transaction=False),
        Ask("time", None, Nothing, time, in_transaction=False),
        Ask("clock", None, TellTime, tell, in_transaction=False),
        Ask("run", None, RunJob, run, in_transaction=False),
    ]
