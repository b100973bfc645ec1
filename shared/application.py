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
from faststream.specification import AsyncAPI
from pydantic import ValidationError

from shared.logs import configure as configure_logs
from shared.messaging import asyncapi, streams
from shared.messaging.framework import ServiceBroker
from shared.problems import problems
from shared.runtime import Runtime
from shared.service import Service
from shared.settings import PREFIX, Settings, settings_of

log = structlog.get_logger()


class Application(FastStream):
    """One run of a service: FastStream starts and stops it, the runtime is what it is made of.

    Without settings they come from the environment; raises `SystemExit` with a sentence where one of them is wrong.
    """

    def __init__(self, service: Service, settings: Settings | None = None) -> None:
        self.service = service
        self._told = asyncio.Event()
        self._work: asyncio.Task[Any] | None = None
        self.runtime = Runtime(service, settings or _settings_of(service))
        parts = self.runtime
        self.service_broker = ServiceBroker(
            service.name, parts.broker, parts.consumers, parts.requests, parts.answering
        )
        super().__init__(
            self.service_broker,
            logger=None,
            specification=AsyncAPI(title=service.name, version="1.0.0"),
            on_startup=[self._open],
            after_startup=[parts.set_to_work],
            on_shutdown=[self._rest],
            after_shutdown=[parts.close],
        )

    def describe(self) -> dict[str, Any]:
        """What runs here, as AsyncAPI."""
        return asyncapi.complete(self.schema.to_specification().to_jsonable(), self.service_broker.requests)

    async def start(self, **options: Any) -> None:
        try:
            await super().start(**options)
        except BaseException:
            # FastStream calls no hook of the end where one of the beginning failed.
            await self.service_broker.stop()
            await self.runtime.close()
            raise

    async def run(
        self,
        log_level: int = logging.INFO,
        run_extra_options: dict[str, Any] | None = None,
        sleep_time: float = 0.1,
    ) -> None:
        """Until a signal tells to stop, or something broke; the way of `faststream run` and of `main`."""
        configure_logs(self.service.name, self.runtime.settings.log_level)
        # What is loaded by now stays, and events die young: there is little to find for whoever looks often.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        try:
            broke = await self._run_until_told()
        except streams.RetentionTooShort as error:
            log.critical("service.misconfigured", error=str(error))
            broke = True
        if broke:
            raise SystemExit(1)

    async def _run_until_told(self) -> bool:
        """Whether something broke."""
        self._work, broke = asyncio.current_task(), False
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        try:
            async with self:
                failed = self.runtime.broken
                told = asyncio.ensure_future(self._told.wait())
                await asyncio.wait([told, failed], return_when=asyncio.FIRST_COMPLETED)
                # Asked before the drain: cancelling the loops there leaves an exception behind, too.
                broke = failed.done()
                if broke:
                    log.critical("service.broken", error=repr(failed.exception()))
        except asyncio.CancelledError:
            if not self._told.is_set():
                raise
        return broke

    def exit(self) -> None:
        """Tell a run to stop; one that has not started yet stops at once."""
        self._told.set()
        if self.runtime.health.starting and self._work:
            self._work.cancel()  # nothing has begun that would have to be finished

    def main(self) -> None:
        """Run as a process."""
        with asyncio.Runner(loop_factory=_loop()) as runner:
            runner.run(self.run())

    async def _open(self) -> None:
        await self.runtime.open(self.describe)

    async def _rest(self) -> None:
        await self.service_broker.drain_questions()
        await self.runtime.rest()


def _settings_of(service: Service) -> Settings:
    try:
        return settings_of(service.name, Settings)
    except ValidationError as invalid:
        wrong = problems(invalid, "settings").items()
        raise SystemExit("; ".join(f"{PREFIX}{name.upper()}: {problem}" for name, problem in wrong)) from None


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it can be had: it saves about a fifth of the CPU of an event."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
