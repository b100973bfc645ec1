"""Does a service restore its stream and its consumers without a person?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.addresses import servers_of
from shared.contracts.envelope import seal
from shared.contracts.events import FacilityMatched
from shared.contracts.kernel import Status
from shared.contracts.refusals import AskFailed
from shared.messaging import streams
from shared.messaging.consumer import ConsumerSilent
from shared.messaging.healing import Healing, diagnose
from shared.messaging.relay import Relay
from shared.runtime import ConnectionEnded
from shared.storage import streams_seen
from shared.storage.streams_seen import StreamState
from tests.integration.test_kernel import a_posting, http, ids, noted, sealed
from tests.support import running
from tests.support.probe import large, probe
from tests.support.proxy import Proxy
from tests.support.running import START, Running, run_service
from tests.support.servers import TestServers

SEEN = StreamState(datetime(2026, 7, 1, tzinfo=UTC), 100, "a")


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as started:
        yield started


@asynccontextmanager
async def operator(servers: TestServers) -> AsyncIterator[JetStreamContext]:
    """A user with all permissions on streams."""
    client = await running.operator(servers)
    yield client.jetstream()
    await client.close()


async def until(condition: Any, seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.05)


async def messages(stream: JetStreamContext, name: str) -> int:
    try:
        return (await stream.stream_info(name)).state.messages
    except NotFoundError:
        return -1


@pytest.mark.parametrize(
    "then, now, event, diagnosis",
    [
        (SEEN, SEEN, "a", None),
        (SEEN, replace(SEEN, last_seq=120, last_event="b"), "a", None),
        (SEEN, replace(SEEN, last_seq=120, last_event="b"), None, None),
        (None, SEEN, None, None),
        (SEEN, None, None, "gone"),
        (None, None, None, "gone"),
        (SEEN, replace(SEEN, created_at=datetime(2026, 7, 2, tzinfo=UTC)), "a", "younger"),
        (SEEN, replace(SEEN, last_seq=99), None, "shorter"),
        (SEEN, replace(SEEN, last_seq=120, last_event="d"), "c", "other"),
    ],
)
def test_a_stream_has_lost_events_when_it_is_gone_younger_shorter_or_other(
    then: StreamState | None, now: StreamState | None, event: str | None, diagnosis: str | None
) -> None:
    assert diagnose(then, now, event) == diagnosis


async def test_a_deleted_consumer_is_declared_again_and_events_since_are_handled_once(
    service: Running, servers: TestServers
) -> None:
    await service.receive(a_posting(1))

    async with operator(servers) as stream:
        await stream.delete_consumer("INGEST", "matcher-posting-seen")
        await service.publish("ingest", [sealed(2)])

        async def handled() -> bool:
            return await noted(service) == ids(1, 2)

        await until(handled, 10)

    await service.idle()
    assert await noted(service) == ids(1, 2)
    assert (await http(service, "/readyz"))[0] == 200


async def test_a_deleted_stream_is_declared_again_with_all_its_events_by_its_owner(
    service: Running, servers: TestServers
) -> None:
    await service.receive(*map(a_posting, range(20)))

    async with operator(servers) as stream:
        await until(lambda: marked(service, 20))
        await stream.delete_stream("MATCHER")

        async def complete() -> bool:
            return await messages(stream, "MATCHER") == 20

        await until(complete)
        await stream.add_consumer("MATCHER", durable_name="late", filter_subject="facility.matched")
        late = await stream.pull_subscribe_bind("late", "MATCHER")
        again = {message.headers["Nats-Msg-Id"] for message in await late.fetch(20) if message.headers}

    assert again == {str(event.event_id) for event in await service.published(FacilityMatched)}


async def marked(service: Running, count: int) -> bool:
    rows = await service.sql("SELECT (SELECT count(*) FROM outbox) - (SELECT count(*) FROM unpublished) AS n")
    return bool(rows[0]["n"] == count)


class Overtaken(Healing):
    """After it inspects the store, and before it acts, another replica finds that the store has lost events."""

    async def verify(self) -> StreamState | None:
        seen = await super().verify()
        assert seen
        async with self.begin_internal() as tx:
            await streams_seen.record(tx, self.stream, seen)
            await tx.run("UPDATE streams_seen SET last_event = 'of the store before'")
        assert await Healing("matcher", self.broker, self.begin_internal, 90).verify() is None
        return seen


async def test_the_state_of_a_store_that_another_replica_found_lost_marks_nothing_as_published(
    servers: TestServers,
) -> None:
    async with run_service("matcher", servers, probe(), sweep_seconds=3_600) as service:
        broker, begin = service.app.broker, service.app.begin
        async with begin() as tx:
            tx.emit(*(large(10) for _ in range(20)))
            emitted = list(tx.outgoing)
        await service.app.relay.settle()

        for healing, count in (
            (Overtaken("matcher", broker, begin, 90), 0),
            (Healing("matcher", broker, begin, 90), 20),
        ):
            relay = Relay(broker, healing, begin, 1_000)
            assert await relay.publish(emitted) == 20
            await relay.mark()
            assert await marked(service, count)


async def test_the_state_of_another_store_is_not_recorded(service: Running) -> None:
    own = service.app.healing
    seen = await own.verify()
    assert seen

    async with service.app.begin() as tx:
        assert await streams_seen.record(tx, own.stream, seen)
        assert not await streams_seen.record(
            tx, own.stream, replace(seen, created_at=START, last_seq=seen.last_seq + 1)
        )
        assert not await streams_seen.record(tx, own.stream, replace(seen, healed=seen.healed + 1))

    assert await own.verify() == seen


async def test_a_service_waits_for_a_missing_stream_and_continues_when_it_exists_again(
    service: Running, servers: TestServers
) -> None:
    await until(lambda: measured(service, ready=True), 12)
    async with operator(servers) as stream:
        await stream.delete_stream("INGEST")

        async def red() -> bool:
            return (await http(service, "/readyz"))[0] == 503

        await until(red, 12)
        await until(lambda: measured(service, ready=False), 12)
        with pytest.raises(AskFailed, match="waiting for NATS"):
            await service.ask(Status())
        await streams.declare_stream(stream, "ingest")
        await service.publish("ingest", [sealed(1)])

        async def handled() -> bool:
            return await noted(service) == ids(1)

        await until(handled)


async def measured(service: Running, *, ready: bool) -> bool:
    return f"\npipeline_ready {ready:.1f}\n" in (await http(service, "/metrics"))[1]


async def test_a_full_stream_pauses_consumption_and_loses_nothing(servers: TestServers) -> None:
    async with run_service("matcher", servers, probe(), outbox_limit=1_000, batch=1_500) as service:
        async with operator(servers) as stream:
            await stream.update_stream(streams.stream_config("matcher").evolve(max_msgs=10))
            envelopes = [seal(a_posting(n), "ingest", START) for n in range(4_000)]
            await service.publish("ingest", envelopes[:2_000])

            async def paused() -> bool:
                return service.app.relay.congested

            await until(paused)
            await service.publish("ingest", envelopes[2_000:])
            await asyncio.sleep(1)
            status, why = await http(service, "/readyz")
            handled = len(await noted(service))
            await stream.update_stream(streams.stream_config("matcher"))
            await service.idle()

            assert await messages(stream, "MATCHER") == 4_000
        assert (status, "consumers are paused" in why) == (503, True)
        assert handled <= 2_000
        assert len(await noted(service)) == 4_000


@pytest.mark.skipif(bool(os.environ.get("PIPELINE_TEST_CLUSTER")), reason="the proxy cannot answer encrypted pings")
async def test_a_consumer_without_replies_ends_the_process(servers: TestServers) -> None:
    address = urlsplit(servers_of(servers.user_urls["matcher"])[0])
    proxy = await Proxy(address.port or 0).start()
    behind = address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{proxy.port}").geturl()
    hanging = replace(servers, user_urls={**servers.user_urls, "matcher": behind})
    async with run_service("matcher", hanging, probe(), give_up_seconds=2.0) as service:
        proxy.hang(answers_pings=True)

        with pytest.raises(ConsumerSilent, match="matcher-posting-seen gets no reply"):
            # Ten seconds until it counts as silent, and two tries to declare it, which time out after five each.
            await asyncio.wait_for(asyncio.shield(service.app.broken), 60)

        proxy.resume()
    await proxy.close()


async def test_a_connection_that_nats_ends_for_good_ends_the_process(service: Running) -> None:
    await service.app.broker.client._process_err("'Authorization Violation'")

    with pytest.raises(ConnectionEnded):
        await asyncio.wait_for(asyncio.shield(service.app.broken), 10)
