"""Which parts does a running service have, and how do they start and stop?"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, NoReturn

import structlog

from engines import packs
from shared.clock import Clock, SimulatedClock
from shared.http import server
from shared.http.backend import Backend
from shared.http.rates import Rates
from shared.messaging import streams, tls
from shared.messaging.broker import UNAVAILABLE, Broker
from shared.messaging.consumer import Consumer
from shared.messaging.healing import Healing
from shared.messaging.relay import Relay
from shared.messaging.responder import Responder
from shared.operations import dead_letters, reconciling, running, snapshots
from shared.operations.health import Health
from shared.operations.starting import Starting
from shared.operations.ticking import Ticker
from shared.operations.workers import POLL_SECONDS, Workers
from shared.operations.working import Working
from shared.service import Service
from shared.settings import Settings, most_consuming, pool_size
from shared.storage import retention
from shared.storage.database import Database, DatabaseUnavailable

log = structlog.get_logger()

MEASURE_SECONDS = 5.0
WATCH_SECONDS = 1.0
TICK_SECONDS = 15.0
PRUNE_SECONDS = 3600.0


class ConnectionEnded(Exception):
    """NATS ended the connection for good, such as after its password was replaced; a new process reads the new one."""


class Runtime:
    """The parts of a running service, with its own database and a connection to NATS."""

    def __init__(self, service: Service, settings: Settings) -> None:
        name = service.name
        self.name = name
        self.settings = settings
        packs.about()
        timezone = packs.calendar().timezone
        self.clock = SimulatedClock(timezone) if settings.simulation else Clock(timezone)
        self.http_port = 0
        self._broken: asyncio.Future[Any] | None = None
        self._tasks: list[asyncio.Task[Any]] = []
        self._cleanup = AsyncExitStack()
        self.rates = Rates(settings.http_rate, settings.http_burst)
        size = settings.pool or pool_size(name)
        self.database = Database(settings.database_url.get_secret_value(), size, name, self.clock)
        self.broker = Broker(
            settings.nats_url.get_secret_value(),
            name,
            self._on_reconnect,
            tls.context(settings.nats_tls_ca, settings.nats_tls_cert, settings.nats_tls_key),
        )
        self._routes = service.routes
        begin_internal = self.database.begin_internal
        self.healing = Healing(name, self.broker, begin_internal, settings.outbox_days, settings.stream_replicas)
        self.relay = Relay(self.broker, self.healing, begin_internal, settings.outbox_limit)
        self.begin = self.relay.begin
        turns = asyncio.Semaphore(most_consuming(size))
        self.consumers = [Consumer(name, each, self.broker, self.relay, settings, turns) for each in service.handlers]
        self.workers = Workers(
            [Working(name, each, self.relay, self.broker.ask) for each in service.workers], begin_internal
        )
        self.relay.wake_workers = self.workers.wake
        self.ticker = Ticker(service.jobs, self.clock, self.begin)
        self.starting = Starting(self.clock, self.begin, service.on_start)
        self.health = Health(
            name,
            self.clock,
            begin_internal,
            self.broker,
            self.relay,
            self.healing,
            self.consumers,
            self.ticker,
            self.starting,
            self.workers,
            service.warn,
            [each for each in (settings.nats_tls_ca, settings.nats_tls_cert) if each],
        )
        durables = {consumer.durable for consumer in self.consumers}
        operations = (
            running.router(name, self.clock, self.starting, self.ticker, self.workers, self.health),
            dead_letters.router(name, self.consumers, {each.kind for each in service.workers}),
            reconciling.router(name, durables, self.broker, begin_internal, settings.outbox_days),
            snapshots.router(name, service.snapshots),
        )
        self.requests = [*service.requests, *(each for router in operations for each in router.requests)]
        self.responder = Responder(name, self.broker, self.begin)

    async def open(self, describe: server.Describe) -> None:
        """Start what must run before the first event. Health is served first, even while servers are unavailable."""
        await self.database.open()
        self._cleanup.push_async_callback(self.database.close)
        starting, heard = (lambda: self.starting.waits_for), (lambda: heard_from(self.consumers))
        notices = self.database.notices
        backend = Backend(self.name, self.begin, self.broker.ask, self.rates, starting, heard, notices)
        routes = self._routes() if self._routes else []
        web = server.web(backend, self.health.problems, describe, routes)
        listening = server.Listening(web, self.settings.http_host, self.settings.http_port)
        self._cleanup.push_async_callback(listening.stop)
        self._cleanup.callback(backend.stopping.set)  # before it
        self.http_port = listening.port
        await _once_available(self.broker.connect, UNAVAILABLE, "nats.unavailable")
        self._cleanup.push_async_callback(self.broker.close)
        streams.check_server(self.broker.client)
        self.starting.waits_for = "it is starting and waiting for PostgreSQL"
        await _once_available(self._prepare, (DatabaseUnavailable,), "database.unavailable")
        with suppress(DatabaseUnavailable, *UNAVAILABLE):  # the sweeper verifies again
            await self.healing.verify()
        await streams.check_stream(self.broker.stream, self.name, self.settings.stream_replicas)

    async def start_loops(self) -> None:
        """Start the background loops, once events and requests are consumed."""
        loops = [asyncio.create_task(loop, name=name) for name, loop in self._loops().items()]
        for worker in self.workers.kinds:
            worker.start()
        started: list[Consumer | Working] = [*self.consumers, *self.workers.kinds]
        self._tasks = [*(each.task for each in started if each.task), *loops]
        self._broken = asyncio.gather(*self._tasks)
        self.starting.waits_for = ""
        log.info("service.started", http_port=self.http_port, pack=packs.pack_hash(), pid=os.getpid())

    async def drain(self) -> None:
        """Finish the batches and calls in progress, give back what waits, mark what was published."""
        working: list[Consumer | Working] = [*self.consumers, *self.workers.kinds]
        await asyncio.gather(*(each.stop() for each in working))
        await self.relay.settle()
        for task in self._tasks:
            task.cancel()
        with suppress(DatabaseUnavailable, *UNAVAILABLE):
            await self.relay.mark()
        with suppress(asyncio.CancelledError, Exception):
            await self.broken

    async def close(self) -> None:
        """Close what `open` has opened so far."""
        await self._cleanup.aclose()
        log.info("service.stopped")

    @property
    def broken(self) -> asyncio.Future[Any]:
        """A future that ends only if a consumer or a loop breaks."""
        assert self._broken is not None, "the loops have not been started"  # noqa: S101 - a bug of ours
        return self._broken

    async def _prepare(self) -> None:
        await self.maintain_partitions()
        await self.starting.prepare()

    def _loops(self) -> dict[str, Coroutine[Any, Any, None]]:
        """The loops that run alongside the consumers, by name."""
        loops: dict[str, Coroutine[Any, Any, None]] = {
            "sweep": _every(self.settings.sweep_seconds, self.relay.sweep, "sweep.postponed"),
            "work": _every(POLL_SECONDS, self.workers.poll, "work.postponed"),
            "watch": _every(WATCH_SECONDS, self._watch, "watch.postponed"),
            "measure": _every(MEASURE_SECONDS, self.health.measure, "measure.postponed"),
            "prune": _every(PRUNE_SECONDS, self.maintain_partitions, "retention.postponed"),
        }
        return loops if self.settings.simulation else {**loops, "tick": self._tick()}

    async def _watch(self) -> None:
        if self.broker.client.is_closed:
            raise ConnectionEnded
        await asyncio.gather(*(consumer.watch() for consumer in self.consumers))

    async def maintain_partitions(self) -> None:
        """Create the partitions of the coming weeks, and remove those that are too old."""
        days = {name: getattr(self.settings, name) for name in ("inbox_days", "outbox_days", "history_days")}
        await retention.maintain(self.begin, **days)

    async def _tick(self) -> None:
        while True:
            try:
                await self.ticker.tick()
            except DatabaseUnavailable as error:
                log.warning("tick.postponed", error=str(error))
            except Exception:
                log.exception("tick.failed")
            await asyncio.sleep(TICK_SECONDS)

    async def _on_reconnect(self) -> None:
        self.healing.invalidate()
        for consumer in self.consumers:
            consumer.wake()


def heard_from(consumers: Sequence[Consumer]) -> dict[str, float]:
    """By the service whose events they consume: the seconds since the server replied to its quietest consumer."""
    now, heard = time.monotonic(), dict[str, float]()
    for each in consumers:
        service = each.stream.lower()
        heard[service] = max(heard.get(service, 0.0), now - each.heard_at)
    return heard


async def _once_available(act: Callable[[], Awaitable[None]], errors: tuple[type[Exception], ...], event: str) -> None:
    """Repeat an action every second until the server that it needs is available."""
    while True:
        try:
            return await act()
        except errors as error:
            log.warning(event, error=str(error) or type(error).__name__)
            await asyncio.sleep(1)


async def _every(seconds: float, act: Callable[[], Awaitable[None]], postponed: str) -> NoReturn:
    """Repeat an action with a pause before each time; skips it while a server is unavailable."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except (DatabaseUnavailable, *UNAVAILABLE) as error:
            log.warning(postponed, error=str(error) or type(error).__name__)
