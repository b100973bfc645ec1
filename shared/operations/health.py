"""Is a service ready, what is in flight in it, and what is its status?"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engines import packs
from shared.clock import Clock, SimulatedClock, local_date
from shared.contracts.kernel import ConsumerProgress, JobStatus, ServiceStatus, WorkInFlight
from shared.messaging import tls
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.healing import Healing
from shared.messaging.relay import Relay
from shared.metrics import CERTIFICATE, DEAD, LAG, OUTBOX, READY, WARNINGS
from shared.operations.starting import Starting
from shared.operations.ticking import Ticker
from shared.operations.workers import Workers
from shared.service import Warn
from shared.storage import deadletters, jobs, outbox, work
from shared.storage.database import WOULD_WRITE, Begin, DatabaseUnavailable


@dataclass(frozen=True, slots=True)
class Health:
    """The health of a running service, by its parts."""

    service: str
    clock: Clock
    begin_internal: Begin
    broker: Broker
    relay: Relay
    healing: Healing
    consumers: Sequence[Consumer]
    ticker: Ticker
    starting: Starting
    workers: Workers
    warn: Warn | None = None
    certificates: Sequence[Path] = ()

    async def problems(self) -> list[str]:
        """Why the service is not ready; empty when it is."""
        found = [self.starting.waits_for] if self.starting.waits_for else self._problems_at_work()
        try:
            async with asyncio.timeout(2), self.begin_internal() as tx:
                await tx.run(WOULD_WRITE)
                found += await self.ticker.late(tx)
        except DatabaseUnavailable as error:
            found.append(f"PostgreSQL is unavailable or read-only: {error}")
        except TimeoutError:
            found.append("PostgreSQL is unavailable")
        return found

    def _problems_at_work(self) -> list[str]:
        found = [f"{c.durable}: the server does not reply to its pulls" for c in self.consumers if not c.alive]
        found += [f"{c.durable}: events wait for PostgreSQL" for c in self.consumers if c.waits_for_database]
        found += self.workers.problems()
        if self.ticker.failing:
            found.append(self.ticker.failing)
        if not self.broker.connected:
            found.append("NATS is unavailable")
        if self.relay.congested:
            found.append(f"more than {self.relay.outbox_limit} events wait for their stream; consumers are paused")
        return found

    async def progress(self) -> list[ConsumerProgress]:
        stream = self.broker.stream
        infos = await asyncio.gather(*(stream.consumer_info(c.stream, c.durable) for c in self.consumers))
        return [
            ConsumerProgress(
                durable=info.name,
                lag=(info.num_pending or 0) + (info.num_ack_pending or 0),
                delivered=info.delivered.consumer_seq if info.delivered else 0,
            )
            for info in infos
        ]

    async def in_flight(self) -> WorkInFlight:
        """How many events and items of work are in flight here."""
        # In the order in which one causes the next, so that none is missed between two of these.
        consumers = await self.progress()
        items = await self.workers.in_flight()
        in_flight = sum(c.lag for c in consumers) + items + await self.relay.backlog() + self.healing.unverified
        recorded = [each.recorded for each in self.workers.kinds]
        return WorkInFlight(in_flight=in_flight, delivered=[*(c.delivered for c in consumers), *recorded])

    async def status(self) -> ServiceStatus:
        """What `pipeline status` shows of this service."""
        consumers = await self.progress()
        async with self.begin_internal() as tx:
            counts = await deadletters.counts(tx)
            last_runs = await jobs.last_runs(tx)
            items = await work.status(tx)
            unlisted = await outbox.backlog(tx)
            warnings = await self.warn(tx) if self.warn and not self.starting.waits_for else []
        now = self.clock.now()
        return ServiceStatus(
            service=self.service,
            now=now,
            today=local_date(now, self.clock.timezone),
            timezone=self.clock.timezone,
            simulation=isinstance(self.clock, SimulatedClock),
            problems=await self.problems(),
            warnings=warnings,
            consumers=consumers,
            outbox=await self.relay.backlog(),
            unlisted=unlisted,
            **counts,
            work=items,
            jobs=[
                JobStatus(name=job.name, at=f"{job.at:%H:%M}", last_due=last_runs.get(job.name))
                for job in self.ticker.jobs
            ],
            pack=packs.pack_hash(),
            pid=os.getpid(),
            up_seconds=round(time.monotonic() - self.ticker.started),
        )

    async def measure(self) -> None:
        """Update the gauges; readiness first, because the others need NATS and PostgreSQL."""
        for file in self.certificates:
            CERTIFICATE.labels(str(file)).set(tls.expires(file))
        READY.set(not await self.problems())
        status = await self.status()
        OUTBOX.set(status.outbox)
        async with self.begin_internal() as tx:
            await self.workers.measure(tx)
        DEAD.set(status.dead)
        WARNINGS.set(len(status.warnings))
        for consumer in status.consumers:
            LAG.labels(consumer.durable).set(consumer.lag)
