"""How is every service put together, started, watched and stopped?"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from types import ModuleType
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.routing import BaseRoute

from shared import packs
from shared.clock import Clock, SimulatedClock, local_date
from shared.contracts.envelope import refuse_unpublishable
from shared.http import server
from shared.logs import configure as configure_logs
from shared.messaging import asking, tls
from shared.messaging.broker import AWAY, Broker, connect
from shared.messaging.consumer import Consumer
from shared.messaging.healing import Healing
from shared.messaging.relay import Relay
from shared.metrics import DEAD, LAG, OUTBOX, READY
from shared.operations import reconciling, watching
from shared.operations.ticking import tick
from shared.problems import problems
from shared.service import asks_in, handlers_in, jobs_in
from shared.settings import PREFIX, SPARE_CONNECTIONS, Settings, settings_of
from shared.storage import outbox, retention
from shared.storage.database import WOULD_WRITE, Database, DatabaseAway, Tx

log = structlog.get_logger()


class App:
    """One service: its handlers, answers and jobs, on its own database and the common broker."""

    def __init__(
        self,
        name: str,
        modules: list[ModuleType],
        on_start: Callable[[Tx], Awaitable[None]] | None = None,
        routes: Callable[[], list[BaseRoute]] | list[BaseRoute] | None = None,
    ) -> None:
        self.name = name
        self.handlers = handlers_in(modules)
        self.asks = asks_in(modules)
        self.jobs = jobs_in(modules)
        self._on_start = on_start
        self._routes = routes
        self.database: Database
        self.broker: Broker

    def configure(self, settings: Settings) -> App:
        """Make ready for one run with these settings; nothing of an earlier run is left."""
        self.settings = settings
        self.stopping = False
        self.http_port = 0
        self.starting = "it is starting, and waits for NATS"
        self.cache: dict[str, Any] = {}
        self.clock: Clock = SimulatedClock() if settings.simulation else Clock()
        self.consumers = [Consumer(self, event, handler) for event, handler in self.handlers.items()]
        self.relay = Relay(self)
        self.healing = Healing(self)
        self.started = time.monotonic()
        self._prepared = False
        self.failing_job: str | None = None
        return self

    @property
    def timezone(self) -> str:
        return packs.calendar().timezone

    @asynccontextmanager
    async def transaction(self, *, publish_later: bool = False) -> AsyncIterator[Tx]:
        """A transaction whose events are published once it has committed, or while the next one is under way."""
        async with self.database.connection() as connection:
            now = self.clock.now()
            tx = Tx(connection, self.name, now, local_date(now, self.timezone), self.cache)
            yield tx
            if tx.outgoing:
                refuse_unpublishable(tx.outgoing, self.broker.most_bytes)
                await outbox.write(tx, tx.outgoing)
        if tx.outgoing:
            await (self.relay.trail if publish_later else self.relay.publish)(tx.outgoing)

    async def ask(self, subject: str, payload: Any) -> Any:
        """Ask another service; raises `shared.messaging.broker.AskFailed`."""
        return await self.broker.ask(subject, payload)

    def main(self) -> None:
        """Run this service as a process until it is told to stop."""
        try:
            self.configure(settings_of(self.name, Settings))
        except ValidationError as invalid:
            wrong = problems(invalid, "settings").items()
            raise SystemExit("; ".join(f"{PREFIX}{name.upper()}: {problem}" for name, problem in wrong)) from None
        configure_logs(self.name, self.settings.log_level)
        # What is loaded by now stays, and events die young: there is little to find for whoever looks often.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        with asyncio.Runner(loop_factory=_loop()) as runner:
            try:
                runner.run(self._until_told_to_stop())
            except retention.RetentionTooShort as error:
                log.critical("service.misconfigured", error=str(error))
                raise SystemExit(1) from None

    async def _until_told_to_stop(self) -> None:
        told, work, broke = asyncio.Event(), asyncio.current_task(), False

        def stop() -> None:
            told.set()
            if self.starting and work:
                work.cancel()  # nothing has begun that would have to be finished

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        try:
            async with self.running() as failed:
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

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Future[Any]]:
        """The service at work; yields a future that ends only when something broke. Drains at the end."""
        async with self._reachable() as deafen:
            await self._prepare()
            with suppress(DatabaseAway, *AWAY):  # the sweeper looks again
                await self.healing.verify()
            await retention.check_stream(self)
            async with self._at_work(deafen) as broken:
                yield broken

    @asynccontextmanager
    async def _reachable(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Health can be asked from the first moment on, whatever the servers do; yields what ends HTTP."""
        size = self.settings.pool or len(self.consumers) + SPARE_CONNECTIONS
        self.database = Database(self.settings.database_url.get_secret_value(), size=size)
        routes = self._routes() if callable(self._routes) else self._routes or []
        async with AsyncExitStack() as undo:
            await self.database.open()
            undo.push_async_callback(self.database.close)
            listening, serving, self.http_port = server.listen(self, routes)

            async def deafen() -> None:
                listening.should_exit = True
                await serving

            undo.push_async_callback(deafen)
            await self._connect()
            undo.push_async_callback(self.broker.close)
            yield deafen
        log.info("service.stopped")

    @asynccontextmanager
    async def _at_work(self, deafen: Callable[[], Awaitable[None]]) -> AsyncIterator[asyncio.Future[Any]]:
        loops = [asyncio.create_task(c.run(), name=c.durable) for c in self.consumers]
        own = (self._sweep, self._heal, self._watch, self._prune)
        loops += [asyncio.create_task(loop(), name=loop.__name__) for loop in own]
        if not self.settings.simulation:
            loops.append(asyncio.create_task(self._tick(), name="tick"))
        asked = await asking.serve(self, reconciling.asks(self))
        self.starting = ""
        log.info("service.started", http_port=self.http_port, pack=packs.pack_hash(), pid=os.getpid())
        broken = asyncio.gather(*loops)
        try:
            yield broken
        finally:
            await asking.fall_silent(asked)
            await self._drain(loops)
            with suppress(asyncio.CancelledError, Exception):
                await broken
            await deafen()

    async def _connect(self) -> None:
        encryption = tls.context(self.settings.nats_tls_ca, self.settings.nats_tls_cert, self.settings.nats_tls_key)
        while True:
            try:
                self.broker = await connect(
                    self.settings.nats_url.get_secret_value(), self.name, self._reconnected, encryption
                )
                return
            except AWAY as error:
                log.warning("nats.away", error=str(error) or type(error).__name__)
                await asyncio.sleep(1)

    async def _prepare(self) -> None:
        """Wait until the database takes writes, take up the time of a simulation, let the service prepare itself."""
        self.starting = "it is starting, and waits for PostgreSQL"
        while True:
            try:
                async with self.transaction() as tx:
                    await tx.run(WOULD_WRITE)
                await retention.keep(self)
                if isinstance(self.clock, SimulatedClock):
                    async with self.transaction() as tx:
                        told = await tx.value("SELECT now FROM simulated_time")
                    if told:
                        await self.tell(told)
                else:
                    await self._start()
                return
            except DatabaseAway as error:
                log.warning("database.away", error=str(error))
                await asyncio.sleep(1)

    async def tell(self, now: datetime) -> None:
        """Set the simulated time; raises `TypeError` outside a simulation. The first time told starts the service."""
        if not isinstance(self.clock, SimulatedClock):
            raise TypeError("this is no simulation")
        self.clock.set(now)
        async with self.transaction() as tx:
            await tx.run("DELETE FROM simulated_time")
            await tx.run("INSERT INTO simulated_time VALUES (%(now)s)", now=now)
        await self._start()

    async def _start(self) -> None:
        if self._on_start and not self._prepared:
            async with self.transaction() as tx:
                await self._on_start(tx)
        self._prepared = True

    async def _reconnected(self) -> None:
        self.healing.distrust()
        for consumer in self.consumers:
            consumer.poke()

    async def _drain(self, loops: list[asyncio.Task[None]]) -> None:
        """Finish the batches that have begun, give back what has not, mark what was published."""
        self.stopping = True
        for consumer in self.consumers:
            consumer.poke()
        consuming = [task for task in loops if task.get_name() in {c.durable for c in self.consumers}]
        if consuming:
            await asyncio.wait(consuming, timeout=self.settings.drain_seconds)
        await self.relay.settle()
        for task in loops:
            task.cancel()
        with suppress(DatabaseAway, *AWAY):
            await self.relay.mark()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self.settings.sweep_seconds)
            try:
                await self.relay.sweep()
            except (DatabaseAway, *AWAY) as error:
                log.warning("sweep.postponed", error=str(error) or type(error).__name__)

    async def _heal(self) -> None:
        while True:
            await asyncio.sleep(1)
            await self.healing.watch()

    async def _prune(self) -> None:
        while True:
            await asyncio.sleep(self.settings.prune_seconds)
            await retention.keep(self)

    async def _tick(self) -> None:
        while True:
            try:
                await tick(self)
            except DatabaseAway as error:
                log.warning("tick.postponed", error=str(error))
            except Exception:
                log.exception("tick.failed")
            await asyncio.sleep(self.settings.tick_seconds)

    async def _watch(self) -> None:
        """Keep the gauges true."""
        while True:
            await asyncio.sleep(5)
            with suppress(DatabaseAway, *AWAY):
                status = await watching.status(self)
                OUTBOX.set(status["outbox"])
                DEAD.set(status["dead"])
                READY.set(not status["problems"])
                for consumer in status["consumers"]:
                    LAG.labels(consumer["durable"]).set(consumer["lag"])


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it can be had: it saves about a fifth of the CPU of an event."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
