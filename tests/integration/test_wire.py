"""Does nats-py still have the private parts that our fast paths use, and do these follow the NATS protocol?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import DiscardPolicy, StreamConfig

from shared.contracts.envelope import Envelope, seal
from shared.messaging import wire
from shared.messaging.broker import Broker, connect
from shared.messaging.wire import Arrival, FastParser, PromptTransport, headers_of
from tests.benchmarks.feed import a_posting
from tests.support.probe import probe
from tests.support.running import START, clean_streams, run_service
from tests.support.servers import TestServers

HEADERS = {"ce-id": "1", "ce-subject": "33X001", "traceparent": "00-ab-cd-01"}


@pytest.fixture
async def broker(servers: TestServers) -> AsyncIterator[Broker]:
    """The matcher's own connection, on empty streams."""
    await clean_streams(servers)
    broker = await connect(servers.user_urls["matcher"], "matcher")
    yield broker
    await broker.close()


@pytest.fixture
async def setup(servers: TestServers) -> AsyncIterator[Client]:
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    yield client
    await client.close()


def envelope(body: str = "{}", subject: str = "facility.matched", msg_id: str | None = None) -> Envelope:
    event_id = uuid4()
    return Envelope(event_id, subject, {"ce-id": str(event_id), "Nats-Msg-Id": msg_id or str(event_id)}, body)


async def until(arrived: list[Any], count: int) -> None:
    for _ in range(1_000):
        if len(arrived) >= count:
            return
        await asyncio.sleep(0.005)
    raise TimeoutError(f"{len(arrived)} of {count} messages arrived")


async def stored(setup: Client) -> list[Any]:
    js = setup.jetstream()
    state = (await js.stream_info("MATCHER")).state
    # An empty stream has the numbers 0 and 0.
    numbers = range(state.first_seq, state.last_seq + 1) if state.messages else ()
    return [await js.get_msg("MATCHER", seq) for seq in numbers]


async def test_an_upgrade_keeps_the_private_parts_that_are_used(broker: Broker) -> None:
    client = broker.client

    assert isinstance(client._ps, FastParser)
    assert isinstance(client._pending, list)
    assert isinstance(client._pending_data_size, int)
    assert isinstance(client._flush_queue, asyncio.Queue)
    assert isinstance(client._transport, PromptTransport)
    assert isinstance(client._ps.buf, bytearray)
    assert (await client.subscribe("matcher.ask.none"))._id == max(client._subs)


@pytest.mark.parametrize("size", [0, 1, 40_000, 300_000])
async def test_a_message_of_any_size_arrives_complete_without_nats_py(broker: Broker, setup: Client, size: int) -> None:
    arrived: list[Arrival] = []
    inbox = broker.client.new_inbox()
    await wire.subscribe(broker.client, inbox, arrived.append)
    await broker.publish([envelope("x" * size)])
    await setup.jetstream().add_consumer("MATCHER", durable_name="wire", deliver_subject=inbox)

    await until(arrived, 1)

    assert arrived[0].data == b"x" * size
    assert [sub._received for sub in broker.client._subs.values() if sub.subject == inbox] == [0]


def test_headers_are_read_as_nats_py_reads_them() -> None:
    raw = b"NATS/1.0\r\nce-id: 1\r\nce-source:/a\r\nempty:\r\ntext: a: b  \r\nce-subject: \xc3\xa9\r\n\r\n"

    assert headers_of(raw) == Client._parse_header_lines(raw[len("NATS/1.0\r\n") :])


@pytest.mark.parametrize(
    "raw, status", [(b"NATS/1.0 404 No Messages\r\n\r\n", "404"), (b"NATS/1.0 503\r\n\r\n", "503")]
)
def test_a_status_of_the_server_is_not_a_message(raw: bytes, status: str) -> None:
    assert Arrival("inbox", "", headers_of(raw), b"").status == status


@pytest.mark.parametrize("step", [1, 7, 64, 10_000])
async def test_messages_are_found_however_the_bytes_are_cut(step: int) -> None:
    ours: list[Arrival] = []
    client = wire.new_client()
    others: list[Msg] = []
    parser = client._ps
    assert isinstance(parser, FastParser)
    parser.receivers[b"7"] = ours.append

    async def other(sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        others.append(Msg(client, subject.decode(), reply.decode(), data))

    client._process_msg = other  # type: ignore[method-assign]
    head = b"NATS/1.0\r\nce-id: 1\r\n\r\n"
    one = b"HMSG in 7 ack.1 %d %d\r\n%b{HMSG in 7}\r\n" % (len(head), len(head) + 11, head)
    stream = one + b"MSG ask 3 5\r\nhello\r\n" + one + b"+OK\r\n" + one * 3 + b"MSG in 7 4\r\nbare\r\n"

    for at in range(0, len(stream), step):
        await parser.parse(stream[at : at + step])

    assert [(arrival.reply, arrival.data) for arrival in ours] == [("ack.1", b"{HMSG in 7}")] * 5 + [("", b"bare")]
    assert [(m.subject, m.data) for m in others] == [("ask", b"hello")]


async def test_a_delivery_has_its_number_and_its_sequence() -> None:
    short = Arrival("s", "$JS.ACK.INGEST.matcher.3.41.40.17000.0", {}, b"")
    long = Arrival("s", "$JS.ACK.hub.hash.INGEST.matcher.3.41.40.17000.0.token", {}, b"")

    assert (short.deliveries, short.sequence) == (long.deliveries, long.sequence) == (3, 41)


async def test_a_batch_is_stored_in_order_and_a_repeated_one_only_once(broker: Broker, setup: Client) -> None:
    batch = [envelope(f'{{"n": {n}}}') for n in range(50)]

    first = await broker.publish(batch)
    second = await broker.publish([*batch[40:], envelope('{"n": 50}')])

    assert (first, len(second)) == (batch, 11)
    assert [msg.data for msg in await stored(setup)] == [b'{"n": %d}' % n for n in range(51)]


async def test_a_full_stream_stores_the_beginning_and_reports_it(broker: Broker, setup: Client) -> None:
    await _limit(setup, max_msgs=20)

    kept = await broker.publish([envelope(f"{n}") for n in range(30)])

    assert len(kept) == 20
    assert [msg.data for msg in await stored(setup)] == [b"%d" % n for n in range(20)]


async def test_a_missing_acknowledgment_counts_as_not_stored(broker: Broker, setup: Client) -> None:
    await setup.jetstream().delete_stream("MATCHER")

    assert await broker.publish([envelope()]) == []


async def test_events_refused_by_a_full_stream_are_published_once_it_has_space(
    servers: TestServers, setup: Client
) -> None:
    async with run_service("matcher", servers, probe()) as service:
        await _limit(setup, max_msgs=2)
        await service.publish("ingest", [seal(a_posting(n), "ingest", START) for n in range(5)])
        for _ in range(200):
            handled = await service.sql("SELECT posting_id FROM noted")
            if len(handled) == 5 and len(await stored(setup)) == 2:  # the publication follows the commit
                break
            await asyncio.sleep(0.02)
        unpublished = 5 - len(await stored(setup))
        await _limit(setup)
        await service.idle()

        assert unpublished == 3
        assert len({msg.headers["ce-id"] for msg in await stored(setup)}) == 5


async def _limit(setup: Client, **settings: Any) -> None:
    subjects = ["facility.matched"]
    config = {"name": "MATCHER", "subjects": subjects, "discard": DiscardPolicy.NEW, "allow_batched": True, **settings}
    await setup.jetstream().update_stream(StreamConfig(**config))


def test_a_publication_is_what_nats_py_would_write() -> None:
    written = wire.publication("facility.matched", "reply.to", {"ce-id": "1", "ce-subject": "a"}, b"{}")

    head = b"NATS/1.0\r\nce-id: 1\r\nce-subject: a\r\n\r\n"
    assert written == b"HPUB facility.matched reply.to %d %d\r\n%b{}\r\n" % (len(head), len(head) + 2, head)
