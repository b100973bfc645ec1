"""What does every service reply about its status, its clock and its jobs?"""

from __future__ import annotations

from shared.clock import Clock, SimulatedClock, local_date
from shared.contracts.kernel import (
    InFlight,
    JobsRan,
    RunJob,
    ServiceStatus,
    ServiceTime,
    SetClock,
    Status,
    Time,
    WorkInFlight,
)
from shared.contracts.refusals import Refused
from shared.operations.health import Health
from shared.operations.starting import Starting
from shared.operations.ticking import Ticker
from shared.operations.workers import Workers
from shared.service import Router
from shared.storage.database import Tx


def router(service: str, clock: Clock, starting: Starting, ticker: Ticker, workers: Workers, health: Health) -> Router:
    router = Router()

    @router.question
    async def status(request: Status) -> ServiceStatus:
        return await health.status()

    @router.question
    async def in_flight(request: InFlight) -> WorkInFlight:
        return await health.in_flight()

    @router.question
    async def time(request: Time) -> ServiceTime:
        now = clock.now()
        return ServiceTime(now=now, today=local_date(now, clock.timezone), timezone=clock.timezone)

    @router.command
    async def set_clock(request: SetClock) -> JobsRan:
        if not isinstance(clock, SimulatedClock):
            raise Refused("This is not a simulation, so the time cannot be set.", 409)
        await starting.set_time(request.now)
        ran = await ticker.tick()
        workers.wake()
        return JobsRan(ran=ran)

    @router.command
    async def run_job(request: RunJob, tx: Tx) -> JobsRan:
        job = next((job for job in ticker.jobs if job.name == request.job), None)
        if job is None:
            names = ", ".join(job.name for job in ticker.jobs) or "none"
            raise Refused(f"{service} has no job {request.job!r}; it has: {names}.", 404)
        await job.run(tx)
        return JobsRan(ran=[job.name])

    return router
