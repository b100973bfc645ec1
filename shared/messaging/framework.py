"""How does FastStream run what a service declares?

FastStream declares, starts, stops and documents; requests pass through its subscribers. Events come from our own loop
(`shared.messaging.consumer`), which calls their handlers directly: FastStream would read one message at a time from the
client, and cannot publish in batches. In a test without a server, events reach the same handlers through FastStream.

This is the only file that uses private parts of FastStream. `tests/integration/test_framework.py` tests those parts,
and FastStream is pinned to one release.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import structlog
from faststream._internal.broker.registrator import Registrator
from faststream._internal.constants import EMPTY
from faststream._internal.endpoint.subscriber.call_item import CallsCollection
from faststream.message import StreamMessage
from faststream.middlewares import AckPolicy, BaseMiddleware
from faststream.nats import JStream, NatsBroker, NatsResponse, PullSub
from faststream.nats.subscriber.config import NatsSubscriberConfig, NatsSubscriberSpecificationConfig
from faststream.nats.subscriber.specification import NatsSubscriberSpecification
from faststream.nats.subscriber.usecases import BatchPullStreamSubscriber, CoreSubscriber
from nats.aio.client import Client
from nats.js.api import ConsumerConfig

from shared.contracts import topology
from shared.contracts.events import DeadLettered, Event
from shared.messaging.broker import UNAVAILABLE, Broker
from shared.messaging.consumer import Consumer
from shared.messaging.responder import Responder
from shared.messaging.wire import Arrival
from shared.service import RequestHandler

log = structlog.get_logger()

DRAIN_SECONDS = 2.0
FIRST_DELIVERY = "$JS.ACK.{stream}.{durable}.1.1.1.0.0"
"""The acknowledgment subject of a message in a test."""


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
        super().__init__(logger=None, apply_types=False, middlewares=[LostReplies])
        self.requests = {each.request.subject_at(service): each for each in requests}
        self._runtime_broker = broker
        self._service = service
        self._responder = responder
        self._responders = [self._add_responder(subject, each) for subject, each in self.requests.items()]
        for consumer in consumers:
            self._consume(consumer)
        # Only for the description: events are published through the outbox.
        published = (*topology.PUBLISHES[service], DeadLettered)
        for subject, event in zip(topology.subjects_of(service), published, strict=True):
            self.publisher(subject, schema=event, title=subject, description=event.__doc__)

    def _add_responder(self, subject: str, handler: RequestHandler) -> CoreSubscriber:
        async def respond(request: bytes) -> NatsResponse:
            reply = await self._responder.reply(handler, request)
            return NatsResponse(reply.body, headers=reply.headers)

        # For the description.
        respond.__name__, respond.__doc__ = handler.handle.__name__, handler.handle.__doc__ or handler.request.__doc__
        respond.__annotations__ = {"request": handler.request, "return": NatsResponse}
        subscriber = self.subscriber(subject, queue=self._service, decoder=_body_of, title=subject)
        subscriber(respond)
        return subscriber

    def _consume(self, consumer: Consumer) -> None:
        config = NatsSubscriberConfig(
            subject=consumer.event.SUBJECT,
            sub_config=ConsumerConfig(durable_name=consumer.durable),
            no_reply=True,
            _outer_config=cast("Any", self.config),
            _ack_policy=AckPolicy.MANUAL,
        )
        calls: CallsCollection[Any] = CallsCollection()
        specification = EventSpecification(
            _outer_config=cast("Any", self.config),
            specification_config=NatsSubscriberSpecificationConfig(
                subject=consumer.event.SUBJECT,
                queue=None,
                title_=consumer.durable,
                description_=consumer.handler.handle.__doc__,
                include_in_schema=True,
            ),
            calls=calls,
        )
        specification.event = consumer.event
        subscriber = EventSubscriber(config, specification, calls, consumer)
        Registrator.subscriber(self, subscriber)
        subscriber.add_call(parser_=None, decoder_=None, dependencies_=())(_handler_of(consumer))

    async def _connect(self) -> Client:
        """Use the connection that the runtime has made, with its inbox prefix, TLS and denials."""
        self.config.connect(self._runtime_broker.client)
        return self._runtime_broker.client

    async def start(self) -> None:
        # Nothing is injected into handlers: only the description needs a model of the arguments of each.
        injection = cast("Any", self.config).fd_config
        injection.serializer = None
        await super().start()
        injection.serializer = EMPTY
        # Wait until the server knows every subscription, so that a request right after the start has a responder.
        # Twice, because the client's first ping overtakes the subscriptions that it still buffers.
        await self._runtime_broker.client.flush()
        await self._runtime_broker.client.flush()

    async def drain_requests(self) -> None:
        """Unsubscribe, then reply to the requests that have arrived, so that none is lost; other replicas get new ones.

        FastStream would drop requests that arrive between its stop and the end of the subscription.
        """
        draining = [each.subscription for each in self._responders if each.subscription is not None]
        with suppress(*UNAVAILABLE):
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(*(cast("Any", subscription).drain() for subscription in draining))
        for each in self._responders:
            each.subscription = None

    async def stop(self, *exception: Any) -> None:
        """Stop the subscribers that still run; the runtime closes the connection."""
        if self._connection is not None:
            await super(NatsBroker, self).stop(*exception)
            self._connection = None
            self.config.disconnect()


async def _body_of(message: StreamMessage[Any]) -> bytes:
    return cast("bytes", message.body)


def _handler_of(consumer: Consumer) -> Any:
    async def handle(batch: list[Arrival]) -> None:
        await consumer.handle(batch)

    handle.__name__ = consumer.handler.handle.__name__
    return handle


class EventSpecification(NatsSubscriberSpecification):
    """The description of an event's channel: its messages are single events, although handlers get batches."""

    __slots__ = ("event",)

    event: type[Event]

    def get_payloads(self) -> list[tuple[dict[str, Any], str]]:
        return [(self.event.model_json_schema(mode="serialization"), self.call_name)]


class EventSubscriber(BatchPullStreamSubscriber):
    """A batch subscriber of FastStream whose messages come from our own loop."""

    def __init__(
        self,
        config: NatsSubscriberConfig,
        specification: EventSpecification,
        calls: CallsCollection[Any],
        consumer: Consumer,
    ) -> None:
        super().__init__(
            config,
            specification,
            calls,
            stream=JStream(consumer.stream, declare=False),
            pull_sub=PullSub(batch=True),
        )
        self._parser, self._decoder = self._parse, self._decode
        self.consumer = consumer

    async def _create_subscription(self) -> None:
        # Our own task: FastStream would restart a failing one forever; here, a silent consumer ends the process.
        self.consumer.start()

    async def stop(self) -> None:
        self.running = False
        await self.consumer.stop()

    async def _parse(self, batch: list[Any]) -> StreamMessage[list[Any]]:
        """Messages that `TestNatsBroker` published; those of the loop do not pass here."""
        reply = FIRST_DELIVERY.format(stream=self.consumer.stream, durable=self.consumer.durable)
        arrivals = [Arrival(msg.subject, reply, dict(msg.headers or {}), msg.data) for msg in batch]
        return StreamMessage(arrivals, arrivals[0].data, headers=arrivals[0].headers)

    async def _decode(self, message: StreamMessage[Any]) -> list[Arrival]:
        return cast("list[Arrival]", message.raw_message)


class LostReplies(BaseMiddleware):
    """Logs replies that could not be sent, because FastStream logs no errors of requests."""

    async def publish_scope(self, call_next: Any, cmd: Any) -> Any:
        try:
            return await call_next(cmd)
        except UNAVAILABLE as error:
            log.warning("reply.lost", error=str(error) or type(error).__name__)
            return None
