"""How are streams and consumers configured, whoever declares them?

Set-up declares all of them; a service may declare again what is its own: its stream, and its consumers of others'.
"""

from __future__ import annotations

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, StorageType, StreamConfig, StreamInfo

from shared.contracts import topology
from shared.contracts.events import Event
from shared.messaging.broker import BATCH_PUBLISH_SINCE

DUPLICATE_WINDOW_SECONDS = 20
ACK_WAIT_SECONDS = 5
MAX_ACK_PENDING = 5_000


def takes_batches(client: Client) -> bool:
    """Whether a stream on this server can take many messages for one acknowledgement."""
    version = client.connected_server_version
    return (version.major, version.minor) >= BATCH_PUBLISH_SINCE


def stream_config(service: str, in_batches: bool) -> StreamConfig:
    """A full stream refuses what is new: the outbox keeps it, so nothing is dropped in silence."""
    return StreamConfig(
        name=topology.stream_of(service),
        subjects=topology.subjects_of(service),
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=topology.STREAM_DAYS * 24 * 3600,
        duplicate_window=DUPLICATE_WINDOW_SECONDS,
        allow_batched=in_batches or None,  # older servers refuse a setting that they do not know
    )


async def declare_stream(stream: JetStreamContext, service: str, in_batches: bool) -> StreamInfo:
    return await stream.add_stream(stream_config(service, in_batches))


async def declare_consumer(stream: JetStreamContext, service: str, event: type[Event]) -> None:
    """Create a service's consumer, or leave it as it is; raises `NotFoundError` while its stream is missing."""
    durable = topology.durable_of(service, event)
    config = ConsumerConfig(
        name=durable,  # makes the subject of the request tell all, so that permissions can be exact
        durable_name=durable,
        filter_subject=event.SUBJECT,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_ack_pending=MAX_ACK_PENDING,
        max_deliver=-1,
    )
    await stream.add_consumer(topology.stream_of(topology.owner_of(event)), config)
