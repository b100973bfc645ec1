"""How does a service run as a FastStream application?"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable
from typing import Any

import structlog
from faststream import FastStream
from pydantic import ValidationError

from shared.contracts.describing import Part
from shared.logs import configure as configure_logs
from shared.messaging import streams
from shared.messaging.framework import Description, ServiceBroker
from shared.runtime import Runtime
from shared.service import Service
from shared.settings import Settings, problems_of, settings_of

log = structlog.get_logger()


class Application(FastStream):
    """A running service: FastStream starts and stops it, the runtime contains its parts.

    Settings default to those of the environment; raises `SystemExit` with a message if one of them is invalid.
    """

    def __init__(self, service: Service, settings: Settings | None = None) -> None:
        self.service = service
        self._stop_requested = asyncio.Event()
        self._main: asyncio.Task[Any] | None = None
        self.runtime = Runtime(service, settings or _settings_of(service))
        parts = self.runtime
        requests, events = [each.request for each in parts.requests], [each.event for each in service.handlers]
        self.service_broker = ServiceBroker(
            service.name, parts.broker, parts.consumers, parts.requests, parts.responder
        )
        super().__init__(
            self.service_broker,
            logger=None,
            specification=Description(Part(service.name, events, requests)),
            on_startup=[self._open],
            after_startup=[parts.start_loops],
            on_shutdown=[self._drain],
            after_shutdown=[parts.close],
        )

    def describe(self) -> dict[str, Any]:
        """What this service publishes, consumes and replies to, as AsyncAPI."""
        described: dict[str, Any] = self.schema.to_specification().to_jsonable()
        return described

    async def start(self, **options: Any) -> None:
        try:
            await super().start(**options)
        except BaseException:
            # FastStream calls no shutdown hook if a startup hook failed.
            await self.service_broker.stop()
            await self.runtime.close()
            raise

    async def run(
        self,
        log_level: int = logging.INFO,
        run_extra_options: dict[str, Any] | None = None,
        sleep_time: float = 0.1,
    ) -> None:
        """Run until a signal or until something breaks; called by `faststream run` and by `main`."""
        configure_logs(self.service.name, self.runtime.settings.log_level)
        # Modules stay loaded and events are short-lived, so frequent garbage collection finds little.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()
        try:
            broke = await self._run_until_stopped()
        except (streams.ServerTooOld, streams.RetentionTooShort) as error:
            log.critical("service.misconfigured", error=str(error))
            broke = True
        if broke:
            raise SystemExit(1)

    async def _run_until_stopped(self) -> bool:
        """Returns whether something broke."""
        self._main, broke = asyncio.current_task(), False
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        try:
            async with self:
                failed = self.runtime.broken
                stopped = asyncio.ensure_future(self._stop_requested.wait())
                await asyncio.wait([stopped, failed], return_when=asyncio.FIRST_COMPLETED)
                # Checked before the drain, which cancels the loops and so leaves an exception as well.
                broke = failed.done()
                if broke:
                    log.critical("service.broken", error=repr(failed.exception()))
        except asyncio.CancelledError:
            if not self._stop_requested.is_set():
                raise
        return broke

    def exit(self) -> None:
        """Stop the service; one that is still starting stops immediately."""
        self._stop_requested.set()
        if self.runtime.starting.waits_for and self._main:
            self._main.cancel()  # nothing is in progress yet

    def main(self) -> None:
        """Run this service as a process."""
        with asyncio.Runner(loop_factory=_loop()) as runner:
            runner.run(self.run())

    async def _open(self) -> None:
        await self.runtime.open(self.describe)

    async def _drain(self) -> None:
        await self.service_broker.drain_requests()
        await self.runtime.drain()


def _settings_of(service: Service) -> Settings:
    try:
        return settings_of(service.name, Settings)
    except ValidationError as invalid:
        raise SystemExit(problems_of(invalid)) from None


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop if it is installed: it saves about a fifth of the CPU time of an event."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
