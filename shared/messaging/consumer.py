"""How does a service consume events from a stream, and what happens when a handler fails?

A durable pull consumer is shared by any number of replicas; the events that have arrived are one batch, handled in one
transaction. A batch that fails is halved until the failing event is alone; that event is retried after growing delays
and then dead-lettered. An unavailable database is not the fault of an event: the batch waits, and no try is counted.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import Any

import structlog
from nats.js.errors import NotFoundError, ServiceUnavailableError

from shared import metrics
from shared.contracts import topology
from shared.contracts.envelope import unseal
from shared.contracts.events import Event
from shared.messaging import streams, wire
from shared.messaging.broker import UNAVAILABLE, Broker
from shared.messaging.failures import Failures
from shared.messaging.relay import Relay
from shared.messaging.wire import Arrival
from shared.service import EventHandler
from shared.settings import Settings
from shared.storage import deadletters, outbox
from shared.storage.database import DatabaseUnavailable

log = structlog.get_logger()

PULL_SECONDS = 5.0
"""The server replies to a pull without messages after this long, which is the consumer's heartbeat."""
FIRST_PULL_SECONDS = 0.1
"""For the first pull after a start or a reconnect: its reply shows that the consumer exists."""
SILENT_SECONDS = 10.0
WAIT_SECONDS = 1.0
REFUSED_SECONDS = 0.1
"""Before the next pull after a refused one; doubled with each refusal, up to `WAIT_SECONDS`."""
POSTPONED_SECONDS = 15.0
"""Longer than a batch waits for a connection and then for redelivery; after that, another replica has handled it."""
NO_MESSAGES = ("404", "408")
"""Statuses that end a pull normally."""
IN_PROGRESS_SECONDS = 1.5
"""How often messages are reported to be in progress; a third of the consumer's `ack_wait`."""
DRAIN_SECONDS = 8.0
"""How long a stop waits for the batch in progress."""


class ConsumerSilent(Exception):
    """The server is connected, but does not reply to the pulls of a consumer, although it was declared again."""


class Consumer:
    """Consumes one type of event for one service."""

    def __init__(
        self,
        service: str,
        handler: EventHandler,
        broker: Broker,
        relay: Relay,
        settings: Settings,
        turns: asyncio.Semaphore,
    ) -> None:
        self.handler = handler
        self.event = handler.event
        self.stream = topology.stream_of(topology.owner_of(handler.event))
        self.durable = topology.durable_of(service, handler.event)
        metrics.begin_at_zero(self.durable, metrics.HANDLED, metrics.FAILED, metrics.DEAD_LETTERED, metrics.AGE)
        self._service = service
        self._broker = broker
        self._relay = relay
        self._turns = turns
        self._batch = settings.batch
        self._pause = settings.sweep_seconds
        self._give_up_seconds = settings.give_up_seconds
        self._silent_since: float | None = None
        self._failures = Failures(service, self.durable, self.stream, relay.begin, settings.retry_delays)
        self.task: asyncio.Task[None] | None = None
        self._stopping = False
        self.last_reply = 0.0
        self.heard_at = time.monotonic()
        """When the server replied last, also if it is pulled from again since; at first, when this began."""
        self._arrived: deque[Arrival] = deque()
        self._requested = 0
        self._error_status = ""
        self._refusals = 0
        self._woken = asyncio.Event()
        self._inbox = ""
        self._in_progress: list[Arrival] = []
        self._postponed_at = 0.0

    @property
    def alive(self) -> bool:
        """The server replied to a pull recently."""
        return time.monotonic() - self.last_reply < SILENT_SECONDS

    @property
    def waits_for_database(self) -> bool:
        """The last batch was given back because the database was unavailable."""
        return bool(self._postponed_at) and time.monotonic() - self._postponed_at < POSTPONED_SECONDS

    async def run(self) -> None:
        """Consume until canceled; a batch in progress is finished first."""
        self._inbox = self._broker.client.new_inbox()
        await wire.subscribe(self._broker.client, self._inbox, self._receive)
        heartbeat = asyncio.create_task(self._report_in_progress())
        try:
            while not self._stopping:
                self._pull_ahead()
                batch = await self._next_batch()
                if batch:
                    self._in_progress = batch
                    await self._wait_for_outbox()
                    await self._process(batch)
                    self._in_progress = []
        finally:
            heartbeat.cancel()
            self._give_back()

    async def start(self) -> None:
        """Consume in a task, which ends by itself only if something broke."""
        self.task = asyncio.create_task(self.run(), name=self.durable)

    async def stop(self) -> None:
        """Drain: finish the batch in progress and give back the messages that wait."""
        self._stopping = True
        self.wake()
        if self.task is not None:
            await asyncio.wait([self.task], timeout=DRAIN_SECONDS)
            self.task.cancel()

    def wake(self) -> None:
        """Pull again: the connection was lost, and with it the previous pull."""
        self.last_reply = 0.0
        self._requested = 0
        self._woken.set()

    async def watch(self) -> None:
        """Declare the consumer again while the server does not reply; raises `ConsumerSilent` if that does not help."""
        now = time.monotonic()
        # While a batch is in progress, there may be no pull for the server to reply to.
        if self.alive or self._in_progress or not self._broker.connected:
            self._silent_since = None
            return
        self._silent_since = self._silent_since or now
        if not await self.declare():
            self._silent_since = now
        self.wake()
        if now - self._silent_since > self._give_up_seconds:
            raise ConsumerSilent(f"{self.durable} gets no reply, and declaring it again did not help")

    async def declare(self) -> bool:
        """Create the consumer unless it exists; returns False while its stream or a quorum of servers is missing."""
        try:
            await streams.declare_consumer(self._broker.stream, self._service, self.event)
        except NotFoundError:
            log.warning("consumer.waits", durable=self.durable, missing=self.stream)
            return False
        except ServiceUnavailableError as error:
            log.warning("consumer.waits", durable=self.durable, error=error.description)
            return False
        except UNAVAILABLE as error:
            log.warning("consumer.not_declared", durable=self.durable, error=str(error) or type(error).__name__)
        else:
            log.warning("consumer.declared", durable=self.durable)
        return True

    def _receive(self, msg: Arrival) -> None:
        self.last_reply = time.monotonic()
        if msg.status is None:
            self._arrived.append(msg)
            self._requested -= 1
            self._refusals = 0
        else:
            self._requested = 0
            self._error_status = "" if msg.status in NO_MESSAGES else msg.status
            self._refusals = self._refusals if self._error_status else 0
            if msg.status == "503":
                self.last_reply = 0.0
        self.heard_at = self.last_reply or self.heard_at
        self._pull_ahead()
        self._woken.set()

    def _pull_ahead(self) -> None:
        """Pull ahead of need: while one batch is in progress, another one waits and a third one is on its way."""
        if self._error_status or self._stopping or self._requested > 0 or len(self._arrived) > self._batch:
            return
        self._requested = self._batch
        seconds = PULL_SECONDS if self.alive else FIRST_PULL_SECONDS
        request = json.dumps({"batch": self._batch, "expires": int(seconds * 1e9)}).encode()
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{self.durable}"
        wire.send(self._broker.client, [wire.request(subject, self._inbox, request)])

    async def _wait_for_outbox(self) -> None:
        while self._relay.congested and not self._stopping:  # noqa: ASYNC110 - two conditions end it
            await asyncio.sleep(self._pause)

    async def _next_batch(self) -> list[Arrival]:
        if self._error_status:
            # A consumer whose leader changes is back soon; one that is missing is declared again by `watch`.
            log.warning("pull.refused", durable=self.durable, status=self._error_status)
            await asyncio.sleep(min(REFUSED_SECONDS * 2**self._refusals, WAIT_SECONDS))
            self._refusals += 1
            self._error_status = ""
            self._pull_ahead()
        if not self._arrived:
            self._woken.clear()
            try:
                await asyncio.wait_for(self._woken.wait(), PULL_SECONDS + 1)
            except TimeoutError:
                self._requested = 0
        return [self._arrived.popleft() for _ in range(min(len(self._arrived), self._batch))]

    async def _process(self, batch: list[Arrival]) -> None:
        try:
            await self._apply(batch)
        except DatabaseUnavailable as error:
            self._postponed_at = time.monotonic()
            log.warning("batch.postponed", durable=self.durable, events=len(batch), error=str(error))
            await asyncio.sleep(WAIT_SECONDS)
            self._nack(batch, 0.0)
        except Exception as error:
            if len(batch) == 1:
                await self._fail(batch[0], error)
            else:
                half = len(batch) // 2
                await self._process(batch[:half])
                await self._process(batch[half:])

    async def _apply(self, batch: list[Arrival]) -> None:
        await self.handle(batch)
        self._postponed_at = 0.0
        self._acknowledge(batch, b"+ACK")

    async def handle(self, batch: list[Arrival]) -> None:
        """Inbox, effects and outbox in one transaction; events that are already in the inbox are not handled again.

        It waits for its turn: consumers do not take all connections of the process.
        """
        events = {event.event_id: event for event in (unseal(m.headers, m.data, self.event) for m in batch)}
        async with self._turns:
            with metrics.BATCH_SECONDS.labels(self.durable).time():
                async with self._relay.begin(in_background=True) as tx:
                    locks = self.handler.locks_for(list(events.values()))
                    unseen = await outbox.accept_unseen(tx, [i for i in events if i], self.durable, *locks)
                    accepted = [event for event_id, event in events.items() if event_id in unseen]
                    if any(m.deliveries > 1 for m in batch):
                        await deadletters.forget(tx, [str(event_id) for event_id in unseen], self.durable)
                    if accepted:
                        with structlog.contextvars.bound_contextvars(**_context(self.durable, accepted)):
                            await self.handler.handle(accepted, tx)
        metrics.handled(self.durable, len(accepted), min(unseen, default=None))

    async def _fail(self, msg: Arrival, error: Exception) -> None:
        try:
            delay = await self._failures.note(msg, error)
        except DatabaseUnavailable:
            self._nack([msg], WAIT_SECONDS)
            return
        if delay is None:
            self._acknowledge([msg], b"+ACK")
        else:
            self._nack([msg], delay)

    async def _report_in_progress(self) -> None:
        while True:
            await asyncio.sleep(IN_PROGRESS_SECONDS)
            self._acknowledge([*self._in_progress, *self._arrived], b"+WPI")

    def _give_back(self) -> None:
        self._nack([*self._in_progress, *self._arrived], 0.0)

    def _nack(self, batch: list[Arrival], delay: float) -> None:
        # A message that is reported in progress after it was given back would be redelivered only after `ack_wait`.
        given_back = set(map(id, batch))
        self._in_progress = [msg for msg in self._in_progress if id(msg) not in given_back]
        self._acknowledge(batch, b'-NAK {"delay": %d}' % int(delay * 1e9))

    def _acknowledge(self, batch: list[Arrival], kind: bytes) -> None:
        """Acknowledge in one write. If it is lost, the messages are redelivered and the inbox recognizes them."""
        wire.send(self._broker.client, [wire.acknowledgment(msg.reply, kind) for msg in batch])


def _context(durable: str, events: list[Event]) -> dict[str, Any]:
    """The context of every log line of a batch; a single event adds its ids."""
    first = events[0].origin
    context: dict[str, Any] = {"durable": durable, "events": len(events)}
    if len(events) == 1 and first is not None:
        context |= {
            "event_id": str(first.event_id),
            "trace": first.traceparent,
            "facility": getattr(events[0], "facility_id", None),
        }
    return context
