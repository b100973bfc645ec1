"""Is a service ready, what is in flight in it, and what is its status?"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence

from engines import packs
from shared.clock import Clock, SimulatedClock, local_date
from shared.contracts.kernel import ConsumerProgress, JobStatus, ServiceStatus, WorkInFlight
from shared.messaging.broker import Broker
from shared.messaging.consumer import Consumer
from shared.messaging.healing import Healing
from shared.messaging.relay import Relay
from shared.metrics import DEAD, LAG, OUTBOX, READY
from shared.operations.ticking import Ticker
from shared.storage import deadletters, jobs
from shared.storage.database import WOULD_WRITE, DatabaseUnavailable
from shared.storage.transactions import Begin


class Health:
    """The health of a running service."""

    def __init__(
        self,
        service: str,
        clock: Clock,
        timezone: str,
        begin_internal: Begin,
        broker: Broker,
        relay: Relay,
        healing: Healing,
        consumers: Sequence[Consumer],
        ticker: Ticker,
    ) -> None:
        self.starting = "it is starting and waiting for NATS"
        """What the start waits for; empty once the service has started."""
        self._service = service
        self._clock = clock
        self._timezone = timezone
        self._begin_internal = begin_internal
        self._broker = broker
        self._relay = relay
        self._healing = healing
        self._consumers = consumers
        self._ticker = ticker

    async def problems(self) -> list[str]:
        """Why the service is not ready; empty when it is."""
        found = [self.starting] if self.starting else self._problems_at_work()
        try:
            async with asyncio.timeout(2), self._begin_internal() as tx:
                await tx.run(WOULD_WRITE)
                found += await self._ticker.late(tx)
        except DatabaseUnavailable as error:
            found.append(f"PostgreSQL is unavailable or read-only: {error}")
        except TimeoutError:
            found.append("PostgreSQL is unavailable")
        return found

    def _problems_at_work(self) -> list[str]:
        found = [f"{c.durable}: the server does not reply to its pulls" for c in self._consumers if not c.alive]
        found += [f"{c.durable}: events wait for PostgreSQL" for c in self._consumers if c.waits_for_database]
        if self._ticker.failing:
            found.append(self._ticker.failing)
        if not self._broker.connected:
            found.append("NATS is unavailable")
        if self._relay.congested:
            found.append(f"more than {self._relay.outbox_limit} events wait for their stream; consumers are paused")
        return found

    async def progress(self) -> list[ConsumerProgress]:
        stream = self._broker.stream
        infos = await asyncio.gather(*(stream.consumer_info(c.stream, c.durable) for c in self._consumers))
        return [
            ConsumerProgress(
                durable=info.name,
                lag=(info.num_pending or 0) + (info.num_ack_pending or 0),
                delivered=info.delivered.consumer_seq if info.delivered else 0,
            )
            for info in infos
        ]

    async def in_flight(self) -> WorkInFlight:
        """How many events are in flight here."""
        consumers = await self.progress()
        in_flight = sum(c.lag for c in consumers) + await self._relay.backlog() + self._healing.unverified
        return WorkInFlight(in_flight=in_flight, delivered=[c.delivered for c in consumers])

    async def status(self) -> ServiceStatus:
        """What `pipeline status` shows of this service."""
        consumers = await self.progress()
        async with self._begin_internal() as tx:
            counts = await deadletters.counts(tx)
            last_runs = await jobs.last_runs(tx)
        now = self._clock.now()
        return ServiceStatus(
            service=self._service,
            now=now,
            today=local_date(now, self._timezone),
            timezone=self._timezone,
            simulation=isinstance(self._clock, SimulatedClock),
            problems=await self.problems(),
            consumers=consumers,
            outbox=await self._relay.backlog(),
            **counts,
            jobs=[
                JobStatus(name=job.name, at=f"{job.at:%H:%M}", last_due=last_runs.get(job.name))
                for job in self._ticker.jobs
            ],
            pack=packs.pack_hash(),
            pid=os.getpid(),
            up_seconds=round(time.monotonic() - self._ticker.started),
        )

    async def measure(self) -> None:
        """Update the gauges; readiness first, because the others need NATS and PostgreSQL."""
        READY.set(not await self.problems())
        status = await self.status()
        OUTBOX.set(status.outbox)
        DEAD.set(status.dead)
        for consumer in status.consumers:
            LAG.labels(consumer.durable).set(consumer.lag)
