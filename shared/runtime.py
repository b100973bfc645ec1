"""How is one run of a service put together, started, watched and stopped?"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, NoReturn

import structlog
from pydantic import ValidationError

from shared import packs
from shared.clock import Clock, SimulatedClock
from shared.http import server
from shared.http.rates import Rates
from shared.http.surface import Backend
from shared.logs import configure as configure_logs
from shared.messaging import streams, tls
from shared.messaging.asking import Answering
from shared.messaging.broker import AWAY, Broker
from shared.messaging.consumer import Consumer
from shared.messaging.healing import Healing
from shared.messaging.relay import Relay
from shared.messaging.unit_of_work import UnitOfWork
from shared.messaging.watchdog import Watchdog
from shared.operations import dead, reconciling, running
from shared.operations.health import Health
from shared.operations.starting import Starting
from shared.operations.ticking import Ticker
from shared.problems import problems
from shared.service import Service
from shared.settings import PREFIX, SPARE_CONNECTIONS, Settings, settings_of
from shared.storage import retention
from shared.storage.database import Database, DatabaseAway
from shared.storage.transactions import Transactions

log = structlog.get_logger()

MEASURE_SECONDS = 5.0
WATCH_SECONDS = 1.0


class Runtime:
    """One run of a service, with these settings, on its own database and the common broker."""

    def __init__(self, service: Service, settings: Settings) -> None:
        name = service.name
        self.name = name
        self.settings = settings
        self.timezone = packs.calendar().timezone
        self.clock: Clock = SimulatedClock() if settings.simulation else Clock()
        self.cache: dict[str, Any] = {}
        self.http_port = 0
        self.rates = Rates(settings.http_rate, settings.http_burst)
        self.database = Database(
            settings.database_url.get_secret_value(),
            size=settings.pool or len(service.handlers) + SPARE_CONNECTIONS,
        )
        self.broker = Broker(
            settings.nats_url.get_secret_value(),
            name,
            self._reconnected,
            tls.context(settings.nats_tls_ca, settings.nats_tls_cert, settings.nats_tls_key),
        )
        self._routes = service.routes
        begin = Transactions(self.database, name, self.clock, self.timezone, self.cache).begin
        self.healing = Healing(name, self.broker, begin, settings.outbox_days)
        self.relay = Relay(self.broker, self.healing, begin, settings.outbox_limit)
        self.work = UnitOfWork(begin, self.broker, self.relay)
        self.transaction = self.work.begin
        self.consumers = [
            Consumer(name, handler, self.broker, self.work, self.relay, settings) for handler in service.handlers
        ]
        self.watchdog = Watchdog(self.broker, self.consumers)
        self.ticker = Ticker(service.jobs, self.clock, self.timezone, self.transaction)
        self.starting = Starting(self.clock, self.transaction, service.on_start)
        self.health = Health(
            name,
            self.clock,
            self.timezone,
            begin,
            self.broker,
            self.relay,
            self.healing,
            self.consumers,
            self.ticker,
        )
        durables = {consumer.durable for consumer in self.consumers}
        self.asks = [
            *service.asks,
            *running.asks(name, self.clock, self.timezone, self.starting, self.ticker, self.health),
            *dead.asks(name, self.consumers),
            *reconciling.asks(name, durables, self.broker, begin, settings.outbox_days),
        ]
        self.answering = Answering(name, self.asks, self.broker, self.transaction)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Future[Any]]:
        """The service at work; yields a future that ends only when something broke. Drains at the end."""
        async with self._reachable() as deafen:
            await self._prepare()
            with suppress(DatabaseAway, *AWAY):  # the sweeper looks again
                await self.healing.verify()
            await streams.check_age(self.broker.stream, self.name)
            async with self._at_work(deafen) as broken:
                yield broken

    @asynccontextmanager
    async def _reachable(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Health can be asked from the first moment on, whatever the servers do; yields what ends HTTP."""
        async with AsyncExitStack() as undo:
            await self.database.open()
            undo.push_async_callback(self.database.close)
            backend = Backend(self.transaction, self.broker.ask, self.rates, lambda: self.health.starting)
            web = server.web(backend, self.health.problems, self._routes() if self._routes else [])
            listening = server.Listening(web, self.settings.http_host, self.settings.http_port)
            self.http_port = listening.port
            undo.push_async_callback(listening.stop)
            await self._connect()
            undo.push_async_callback(self.broker.close)
            yield listening.stop
        log.info("service.stopped")

    async def _connect(self) -> None:
        while True:
            try:
                await self.broker.connect()
                return
            except AWAY as error:
                log.warning("nats.away", error=str(error) or type(error).__name__)
                await asyncio.sleep(1)

    async def _prepare(self) -> None:
        """Wait until the database takes writes, and let the service prepare itself."""
        self.health.starting = "it is starting, and waits for PostgreSQL"
        while True:
            try:
                await self.keep_weeks()
                await self.starting.prepare()
                return
            except DatabaseAway as error:
                log.warning("database.away", error=str(error))
                await asyncio.sleep(1)

    @asynccontextmanager
    async def _at_work(self, deafen: Callable[[], Awaitable[None]]) -> AsyncIterator[asyncio.Future[Any]]:
        consuming = [asyncio.create_task(consumer.run(), name=consumer.durable) for consumer in self.consumers]
        loops = [asyncio.create_task(loop, name=name) for name, loop in self._loops().items()]
        await self.answering.start()
        self.health.starting = ""
        log.info("service.started", http_port=self.http_port, pack=packs.pack_hash(), pid=os.getpid())
        broken = asyncio.gather(*consuming, *loops)
        try:
            yield broken
        finally:
            await self.answering.drain()
            await self._drain(consuming)
            for task in [*consuming, *loops]:
                task.cancel()
            with suppress(DatabaseAway, *AWAY):
                await self.relay.mark()
            with suppress(asyncio.CancelledError, Exception):
                await broken
            await deafen()

    async def _drain(self, consuming: list[asyncio.Task[None]]) -> None:
        """Finish the batches that have begun, give back what has not, publish what was committed."""
        for consumer in self.consumers:
            consumer.stop()
        if consuming:
            await asyncio.wait(consuming, timeout=self.settings.drain_seconds)
        await self.relay.settle()

    def _loops(self) -> dict[str, Coroutine[Any, Any, None]]:
        """By name, what is done beside consuming."""
        loops: dict[str, Coroutine[Any, Any, None]] = {
            "sweep": _every(self.settings.sweep_seconds, self.relay.sweep, "sweep.postponed"),
            "watch": _every(WATCH_SECONDS, self.watchdog.watch, "watch.postponed"),
            "measure": _every(MEASURE_SECONDS, self.health.measure, "measuring.postponed"),
            "prune": _every(self.settings.prune_seconds, self.keep_weeks, "retention.postponed"),
        }
        return loops if self.settings.simulation else {**loops, "tick": self._tick()}

    async def keep_weeks(self) -> None:
        """Make the coming weeks of inbox and outbox, drop those that are too old."""
        days = {"inbox_days": self.settings.inbox_days, "outbox_days": self.settings.outbox_days}
        await retention.keep(self.transaction, **days)

    async def _tick(self) -> None:
        while True:
            try:
                await self.ticker.tick()
            except DatabaseAway as error:
                log.warning("tick.postponed", error=str(error))
            except Exception:
                log.exception("tick.failed")
            await asyncio.sleep(self.settings.tick_seconds)

    async def _reconnected(self) -> None:
        self.healing.distrust()
        for consumer in self.consumers:
            consumer.poke()


async def _every(seconds: float, act: Callable[[], Awaitable[None]], postponed: str) -> NoReturn:
    """Again and again, with a pause before each time; waits out servers that are away."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except (DatabaseAway, *AWAY) as error:
            log.warning(postponed, error=str(error) or type(error).__name__)


def main(service: Service) -> None:
    """Run a service as a process until it is told to stop."""
    try:
        settings = settings_of(service.name, Settings)
    except ValidationError as invalid:
        wrong = problems(invalid, "settings").items()
        raise SystemExit("; ".join(f"{PREFIX}{name.upper()}: {problem}" for name, problem in wrong)) from None
    configure_logs(service.name, settings.log_level)
    # What is loaded by now stays, and events die young: there is little to find for whoever looks often.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    with asyncio.Runner(loop_factory=_loop()) as runner:
        try:
            runner.run(_until_told_to_stop(service, settings))
        except streams.RetentionTooShort as error:
            log.critical("service.misconfigured", error=str(error))
            raise SystemExit(1) from None


async def _until_told_to_stop(service: Service, settings: Settings) -> None:
    runtime = Runtime(service, settings)
    told, work, broke = asyncio.Event(), asyncio.current_task(), False

    def stop() -> None:
        told.set()
        if runtime.health.starting and work:
            work.cancel()  # nothing has begun that would have to be finished

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        async with runtime.running() as failed:
            done, _ = await asyncio.wait(
                [asyncio.ensure_future(told.wait()), failed], return_when=asyncio.FIRST_COMPLETED
            )
            broke = failed in done
            if broke:
                log.critical("service.broken", error=repr(failed.exception()))
    except asyncio.CancelledError:
        if not told.is_set():
            raise
    # Asked before the drain: cancelling the loops there leaves an exception behind, too.
    if broke:
        raise SystemExit(1)


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it can be had: it saves about a fifth of the CPU of an event."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
