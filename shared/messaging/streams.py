"""How are streams and consumers configured?

Set-up declares all of them. A service may declare its own again: its stream, and its consumers on other streams.
"""

from __future__ import annotations

import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, StorageType, StreamConfig, StreamInfo

from shared.contracts import topology
from shared.contracts.events import Event
from shared.messaging.broker import UNAVAILABLE

log = structlog.get_logger()

DUPLICATE_WINDOW_SECONDS = 20
ACK_WAIT_SECONDS = 5
MAX_ACK_PENDING = 5_000
OLDEST_SERVER = (2, 14)
"""The first release of nats-server that stores batches as they arrive (ADR-50)."""


class ServerTooOld(Exception):
    """This release of nats-server cannot store the batches in which events are published."""


class RetentionTooShort(Exception):
    """A stream keeps events longer than inboxes do, so a redelivered event could be applied twice."""


def stream_config(service: str, replicas: int = 1) -> StreamConfig:
    """A full stream refuses new events, which stay in the outbox. It never drops old ones.

    Its consumers have as many replicas as the stream.
    """
    return StreamConfig(
        name=topology.stream_of(service),
        subjects=topology.subjects_of(service),
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=topology.STREAM_DAYS * 24 * 3600,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        allow_batched=True,
        num_replicas=replicas,
    )


def check_server(client: Client) -> None:
    """Raises `ServerTooOld`."""
    version = client.connected_server_version
    if (version.major, version.minor) < OLDEST_SERVER:
        raise ServerTooOld(
            f"nats-server {version.major}.{version.minor} cannot store batches of events; install"
            f" {'.'.join(map(str, OLDEST_SERVER))} or later."
        )


async def declare_stream(stream: JetStreamContext, service: str, replicas: int = 1) -> StreamInfo:
    return await stream.add_stream(stream_config(service, replicas))


async def declare_consumer(stream: JetStreamContext, service: str, event: type[Event]) -> None:
    """Create a service's consumer unless it exists; raises `NotFoundError` while its stream is missing."""
    durable = topology.durable_of(service, event)
    config = ConsumerConfig(
        name=durable,  # puts the name into the subject of the request, so that permissions can be exact
        durable_name=durable,
        filter_subject=event.SUBJECT,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_ack_pending=MAX_ACK_PENDING,
        max_deliver=-1,
    )
    await stream.add_consumer(topology.stream_of(topology.owner_of(event)), config)


async def check_stream(stream: JetStreamContext, service: str, replicas: int) -> None:
    """Raises `RetentionTooShort` if a stream keeps events for longer than its consumers' inboxes allow."""
    try:
        config = (await stream.stream_info(topology.stream_of(service))).config
    except UNAVAILABLE as error:
        log.warning("stream.unchecked", error=str(error) or type(error).__name__)
        return
    days = (config.max_age or 0) / 86_400
    if not 0 < days <= topology.STREAM_DAYS:
        raise RetentionTooShort(
            f"Stream {config.name} keeps events for {f'{days:g} days' if days else 'ever'}, longer than the"
            f" {topology.STREAM_DAYS} days that consumers' inboxes allow; `pipeline setup` corrects it."
        )
    if config.num_replicas != replicas:
        log.warning(
            "stream.replicas",
            stream=config.name,
            has=config.num_replicas,
            setting=replicas,
            hint="set PIPELINE_STREAM_REPLICAS for the services as for `pipeline setup`, which changes the stream",
        )
