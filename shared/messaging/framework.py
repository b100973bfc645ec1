"""How does FastStream run what a service declares?

FastStream declares, starts, stops and documents; requests pass through its subscribers. Events come from our own loop
(`shared.messaging.consumer`), which calls their handlers directly: FastStream would read one message at a time from the
client, and cannot publish in batches. In a test without a server, events reach the same handlers through FastStream.

This is the only file that uses a private part of FastStream. `tests/integration/test_framework.py` tests it, and
FastStream is pinned to one release.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import structlog
from faststream.message import StreamMessage
from faststream.middlewares import AckPolicy, BaseMiddleware
from faststream.nats import JStream, NatsBroker, NatsResponse, PullSub
from faststream.nats.subscriber.usecases import CoreSubscriber
from faststream.specification import AsyncAPI
from faststream.specification.base.schema import BaseApplicationSchema
from nats.aio.client import Client
from pydantic import ConfigDict

from shared.contracts import describing
from shared.messaging.broker import UNAVAILABLE, Broker
from shared.messaging.consumer import Consumer
from shared.messaging.responder import Responder
from shared.messaging.wire import Arrival
from shared.service import RequestHandler

log = structlog.get_logger()

DRAIN_SECONDS = 2.0
FIRST_DELIVERY = "$JS.ACK.{stream}.{durable}.1.1.1.0.0"
"""The acknowledgment subject of a message in a test."""


class Document(BaseApplicationSchema):
    """An AsyncAPI document with everything that its contracts state."""

    model_config = ConfigDict(extra="allow")


class Description(AsyncAPI):
    """The description of a service by its contracts; FastStream's own has neither replies nor headers of events."""

    def __init__(self, part: describing.Part) -> None:
        super().__init__(title=part.service, version="1.0.0")
        self.part = part

    def to_specification(self) -> Document:
        return Document.model_validate(describing.asyncapi(self.title, [self.part], describing.inline))


class ServiceBroker(NatsBroker):
    """FastStream's broker on a connection of ours, with a subscriber of ours for events."""

    def __init__(
        self,
        service: str,
        broker: Broker,
        consumers: Sequence[Consumer],
        requests: Sequence[RequestHandler],
        responder: Responder,
    ) -> None:
        # Nothing is injected into handlers, so no model of their arguments is needed.
        super().__init__(logger=None, apply_types=False, serializer=None, middlewares=[LostReplies])
        self.requests = {each.request.subject_at(service): each for each in requests}
        self._runtime_broker = broker
        self._service = service
        self._responder = responder
        self._responders = self._add_responders()
        self._consumers = consumers
        for consumer in consumers:
            self._consume(consumer)

    def _add_responders(self) -> list[CoreSubscriber]:
        async def respond(request: tuple[str, bytes]) -> NatsResponse:
            subject, body = request
            reply = await self._responder.reply(self.requests[subject], body)
            return NatsResponse(reply.body, headers=reply.headers)

        subscribers = [self.subscriber(subject, queue=self._service, decoder=_request_of) for subject in self.requests]
        handler: Any = respond
        for subscriber in subscribers:
            handler = subscriber(handler)  # the same for all, because FastStream makes a mock for each new one
        return subscribers

    def _consume(self, consumer: Consumer) -> None:
        reply = FIRST_DELIVERY.format(stream=consumer.stream, durable=consumer.durable)

        async def arrivals_of(message: StreamMessage[Any]) -> list[Arrival]:
            """Messages that `TestNatsBroker` published; those of our loop do not pass here."""
            return [Arrival(msg.subject, reply, dict(msg.headers or {}), msg.data) for msg in message.raw_message]

        subscriber = self.subscriber(
            consumer.event.SUBJECT,
            durable=consumer.durable,
            stream=JStream(consumer.stream, declare=False),
            pull_sub=PullSub(batch=True),
            ack_policy=AckPolicy.MANUAL,
            decoder=arrivals_of,
            no_reply=True,
        )
        subscriber(consumer.handle)
        # Our own task: FastStream would restart a failing one forever; here, a silent consumer ends the process.
        cast("Any", subscriber)._create_subscription = consumer.start

    async def _connect(self) -> Client:
        """Use the connection that the runtime has made, with its inbox prefix, TLS and denials."""
        self.config.connect(self._runtime_broker.client)
        return self._runtime_broker.client

    async def start(self) -> None:
        await super().start()
        # Wait until the server knows every subscription, so that a request right after the start has a responder.
        # Twice, because the client's first ping overtakes the subscriptions that it still buffers.
        await self._runtime_broker.client.flush()
        await self._runtime_broker.client.flush()

    async def drain_requests(self) -> None:
        """Unsubscribe, then reply to the requests that have arrived, so that none is lost; other replicas get new ones.

        FastStream would drop requests that arrive between its stop and the end of the subscription. The client's drain
        would drop those that arrive before the server knows: its ping overtakes the end of the subscription, which is
        still buffered, so the end is sent once before.
        """
        draining = [each.subscription for each in self._responders if each.subscription is not None]
        client = self._runtime_broker.client
        with suppress(*UNAVAILABLE):
            async with asyncio.timeout(DRAIN_SECONDS):
                for subscription in draining:
                    await client._send_unsubscribe(subscription._id)
                await client.flush()
                await asyncio.gather(*(cast("Any", subscription).drain() for subscription in draining))
        for each in self._responders:
            each.subscription = None

    async def stop(self, *exception: Any) -> None:
        """Stop the consumers and subscribers that still run; the runtime closes the connection."""
        if self._connection is not None:
            await asyncio.gather(*(consumer.stop() for consumer in self._consumers))
            await super(NatsBroker, self).stop(*exception)
            self._connection = None
            self.config.disconnect()


async def _request_of(message: StreamMessage[Any]) -> tuple[str, bytes]:
    return message.raw_message.subject, message.body


class LostReplies(BaseMiddleware):
    """Logs replies that could not be sent, because FastStream logs no errors of requests."""

    async def publish_scope(self, call_next: Any, cmd: Any) -> Any:
        try:
            return await call_next(cmd)
        except UNAVAILABLE as error:
            log.warning("reply.lost", error=str(error) or type(error).__name__)
            return None
