"""How do events come out of a stream, and what happens to one that cannot be handled?

A durable pull consumer, shared by any number of replicas: whatever has arrived is one batch and one transaction.
A batch that fails is halved until the culprit stands alone; the culprit is tried again after growing delays and then
buried. What is no event's fault (a database that is away) is waited out and counts as no try.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import Any

import structlog
from nats.js.errors import NotFoundError

from shared.contracts import topology
from shared.contracts.envelope import unseal
from shared.contracts.events import Event
from shared.contracts.kernel import DeadLetter
from shared.messaging import streams, wire
from shared.messaging.broker import UNAVAILABLE, Broker
from shared.messaging.failures import Failures
from shared.messaging.relay import Relay
from shared.messaging.unit_of_work import UnitOfWork
from shared.messaging.wire import Arrival
from shared.metrics import BATCH_SECONDS, HANDLED
from shared.service import EventHandler
from shared.settings import Settings
from shared.storage import deadletters, outbox
from shared.storage.database import DatabaseUnavailable

log = structlog.get_logger()

PULL_SECONDS = 5.0
"""A pull request that brought nothing is answered after this long, which is the consumer's heartbeat."""
FIRST_PULL_SECONDS = 0.1
"""The first pull after a start or a reconnection: its answer shows that the consumer is there."""
SILENT_SECONDS = 10.0
WAIT_SECONDS = 1.0
POSTPONED_SECONDS = 15.0
"""Longer than a batch waits for a connection and then to be given again; after that, another replica has taken it."""
NOTHING_CAME = ("404", "408")
"""Statuses that end a pull request in the normal course of things."""
IN_PROGRESS_SECONDS = 1.5
"""How often the server is told that a message is still worked on; a third of the consumer's `ack_wait`."""


class Consumer:
    """One service's consumption of one kind of event."""

    def __init__(
        self,
        service: str,
        handler: EventHandler,
        broker: Broker,
        work: UnitOfWork,
        relay: Relay,
        settings: Settings,
    ) -> None:
        self.handler = handler
        self.event = handler.event
        self.stream = topology.stream_of(topology.owner_of(handler.event))
        self.durable = topology.durable_of(service, handler.event)
        self._service = service
        self._broker = broker
        self._work_in = work
        self._relay = relay
        self._batch = settings.batch
        self._pause = settings.sweep_seconds
        self._failures = Failures(service, self.durable, self.stream, work, settings.retry_delays)
        self._drain_seconds = settings.drain_seconds
        self.task: asyncio.Task[None] | None = None
        self._stopping = False
        self.last_answer = 0.0
        self._arrived: deque[Arrival] = deque()
        self._wanted = 0
        self._refusal = ""
        self._wake = asyncio.Event()
        self._inbox = ""
        self._in_hand: list[Arrival] = []
        self._postponed_at = 0.0

    @property
    def alive(self) -> bool:
        """The server answered a pull recently."""
        return time.monotonic() - self.last_answer < SILENT_SECONDS

    @property
    def busy(self) -> bool:
        """A batch is being handled, and the server may not have been asked for more."""
        return bool(self._in_hand)

    @property
    def waits_for_database(self) -> bool:
        """What came last was given back because the database could not take it."""
        return bool(self._postponed_at) and time.monotonic() - self._postponed_at < POSTPONED_SECONDS

    async def run(self) -> None:
        """Consume until cancelled; a batch that has begun is finished first."""
        self._inbox = self._broker.client.new_inbox()
        await wire.subscribe(self._broker.client, self._inbox, self._receive)
        beat = asyncio.create_task(self._tell_in_progress())
        try:
            while not self._stopping:
                self._pull_when_hungry()
                batch = await self._next_batch()
                if batch:
                    self._in_hand = batch
                    await self._wait_for_outbox()
                    await self._work(batch)
                    self._in_hand = []
        finally:
            beat.cancel()
            self._give_back()

    def start(self) -> None:
        """Consume in a task of its own, which ends by itself only when something broke."""
        self.task = asyncio.create_task(self.run(), name=self.durable)

    async def stop(self) -> None:
        """Finish the batch that has begun, and give back what has not."""
        self._stopping = True
        self.poke()
        if self.task is not None:
            await asyncio.wait([self.task], timeout=self._drain_seconds)
            self.task.cancel()

    def poke(self) -> None:
        """Ask the server anew: the connection was lost, and with it what was asked for."""
        self.last_answer = 0.0
        self._wanted = 0
        self._wake.set()

    async def declare(self) -> bool:
        """Bring it back where it is missing; False while its stream is, which is for the stream's owner to heal."""
        try:
            await streams.declare_consumer(self._broker.stream, self._service, self.event)
        except NotFoundError:
            log.warning("consumer.waits", durable=self.durable, missing=self.stream)
            return False
        except UNAVAILABLE as error:
            log.warning("consumer.not_declared", durable=self.durable, error=str(error) or type(error).__name__)
        else:
            log.warning("consumer.declared", durable=self.durable)
        return True

    def _receive(self, msg: Arrival) -> None:
        self.last_answer = time.monotonic()
        if msg.status is None:
            self._arrived.append(msg)
            self._wanted -= 1
        else:
            self._wanted = 0
            self._refusal = "" if msg.status in NOTHING_CAME else msg.status
            if msg.status == "503":
                self.last_answer = 0.0
        self._pull_when_hungry()
        self._wake.set()

    def _pull_when_hungry(self) -> None:
        """Ask for the next batch ahead of need: while one is worked on, another one waits and a third is on its way."""
        if self._refusal or self._stopping or self._wanted > 0 or len(self._arrived) > self._batch:
            return
        self._wanted = self._batch
        seconds = PULL_SECONDS if self.alive else FIRST_PULL_SECONDS
        request = json.dumps({"batch": self._batch, "expires": int(seconds * 1e9)}).encode()
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{self.durable}"
        wire.send(self._broker.client, [wire.request(subject, self._inbox, request)])

    async def _wait_for_outbox(self) -> None:
        while self._relay.congested and not self._stopping:  # noqa: ASYNC110 - ends for either of two reasons
            await asyncio.sleep(self._pause)

    async def _next_batch(self) -> list[Arrival]:
        if self._refusal:
            if self._refusal == "503":
                await self.declare()
            else:
                log.warning("pull.refused", durable=self.durable, status=self._refusal)
            await asyncio.sleep(WAIT_SECONDS)
            self._refusal = ""
            self._pull_when_hungry()
        if not self._arrived:
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), PULL_SECONDS + 1)
            except TimeoutError:
                self._wanted = 0
        return [self._arrived.popleft() for _ in range(min(len(self._arrived), self._batch))]

    async def _work(self, batch: list[Arrival]) -> None:
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
                await self._work(batch[:half])
                await self._work(batch[half:])

    async def _apply(self, batch: list[Arrival]) -> None:
        await self.handle(batch)
        self._postponed_at = 0.0
        self._answer(batch, b"+ACK")

    async def handle(self, batch: list[Arrival]) -> None:
        """Inbox, effects and outbox in one transaction: what was handled before is not handled again."""
        events = {event.event_id: event for event in (unseal(m.headers, m.data, self.event) for m in batch)}
        with BATCH_SECONDS.labels(self.durable).time():
            async with self._work_in.begin(publish_later=True) as tx:
                held = self.handler.locks_for(list(events.values()))
                fresh = await outbox.accept_unseen(tx, [i for i in events if i], self.durable, *held)
                taken = [event for event_id, event in events.items() if event_id in fresh]
                if any(m.deliveries > 1 for m in batch):
                    await deadletters.forget(tx, [str(event_id) for event_id in fresh], self.durable)
                if taken:
                    with structlog.contextvars.bound_contextvars(**_context(self.durable, taken)):
                        await self.handler.handle(taken, tx)
        HANDLED.labels(self.durable).inc(len(taken))

    async def _fail(self, msg: Arrival, error: Exception) -> None:
        try:
            delay = await self._failures.note(msg, error)
        except DatabaseUnavailable:
            self._nack([msg], WAIT_SECONDS)
            return
        if delay is None:
            self._answer([msg], b"+ACK")
        else:
            self._nack([msg], delay)

    async def redeliver(self, letter: DeadLetter, tx: Any) -> None:
        """Handle a dead letter in the caller's transaction; whatever is still wrong with it is raised.

        The inbox knows it since it was buried; that nobody else handles it is the caller's lock on the letter.
        """
        event = unseal(letter.headers, letter.body.encode(), self.event)
        known = [event.event_id] if event.event_id else []
        await outbox.accept_unseen(tx, known, self.durable, *self.handler.locks_for([event]))
        await self.handler.handle([event], tx)

    async def _tell_in_progress(self) -> None:
        while True:
            await asyncio.sleep(IN_PROGRESS_SECONDS)
            self._answer([*self._in_hand, *self._arrived], b"+WPI")

    def _give_back(self) -> None:
        self._nack([*self._in_hand, *self._arrived], 0.0)

    def _nack(self, batch: list[Arrival], delay: float) -> None:
        # What is told to be in progress after it was given back comes again only when the server's patience ends.
        given_back = set(map(id, batch))
        self._in_hand = [msg for msg in self._in_hand if id(msg) not in given_back]
        self._answer(batch, b'-NAK {"delay": %d}' % int(delay * 1e9))

    def _answer(self, batch: list[Arrival], word: bytes) -> None:
        """In one write; an answer that is lost is made good by the inbox, since the message comes again."""
        wire.send(self._broker.client, [wire.answer(msg.reply, word) for msg in batch])


def _context(durable: str, events: list[Event]) -> dict[str, Any]:
    """What every log line of a batch carries; ids only where they are few enough to read."""
    first = events[0].origin
    context: dict[str, Any] = {"durable": durable, "events": len(events)}
    if len(events) == 1 and first is not None:
        context |= {
            "event_id": str(first.event_id),
            "trace": first.traceparent,
            "facility": getattr(events[0], "facility_id", None),
        }
    return context
