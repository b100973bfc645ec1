"""Does a service pass through what befalls one of three NATS servers? With LONG=1, through everything."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import nats
import pytest
import pytest_asyncio
from nats.js import JetStreamContext

from cli.provision.setup import prepare_streams
from cli.stack.target import StackError
from shared.addresses import servers_of
from shared.contracts import topology
from shared.contracts.kernel import DeadLetters
from shared.messaging.broker import UNAVAILABLE, Broker, tls_options
from shared.messaging.tls import from_environment
from tests.integration.test_healing import until
from tests.integration.test_kernel import ids, noted
from tests.support import certificates
from tests.support.cluster import Cluster, Node, cluster
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers
from tests.support.stalls import flow

pytestmark = [
    pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl"),
    pytest.mark.asyncio(loop_scope="module"),
]
LONG = pytest.mark.skipif(os.environ.get("LONG") != "1", reason="takes half a minute: run with LONG=1")
PLANNED_SECONDS, ELECTION_SECONDS = 1.0, 12.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nodes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    async with cluster(tmp_path_factory.mktemp("cluster")) as running:
        with pytest.MonkeyPatch.context() as environment:
            for name, file in certificates.of_a_client(running.certificates).items():
                environment.setenv(name, file)
            yield running


@pytest.fixture
def replicas(nodes: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_STREAM_REPLICAS", "3")


@asynccontextmanager
async def run_on_the_cluster(nodes: Cluster, servers: TestServers) -> AsyncIterator[Running]:
    urls = {user: nodes.url(user) for user in nodes.passwords}
    async with run_service("matcher", TestServers(urls, servers.database_url), probe()) as service:
        yield service


async def leader_of(setup: Broker, nodes: Cluster) -> Node:
    """The server that leads the consumer of the service."""
    info = await setup.stream.consumer_info("INGEST", "matcher-posting-seen")
    assert info.cluster
    return next(node for node in nodes.nodes if node.name == info.cluster.leader)


async def is_healed(setup: Broker) -> bool:
    """Whether the stream exists again, with as many replicas as before."""
    try:
        return (await setup.stream.stream_info("MATCHER")).config.num_replicas == 3
    except UNAVAILABLE:
        return False


async def test_setup_changes_streams_from_one_replica_to_three_in_place(
    nodes: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = nodes.url("setup")
    await prepare_streams(url, lambda _: None)
    client = await nats.connect(servers_of(url), inbox_prefix="_INBOX_setup", **tls_options(from_environment()))
    stream = client.jetstream()
    before = await stream.stream_info("SCORER")

    monkeypatch.setenv("PIPELINE_STREAM_REPLICAS", "3")
    await prepare_streams(url, lambda _: None)

    after = [await stream.stream_info(topology.stream_of(service)) for service in topology.SERVICES]
    await until(lambda: has_replicas(stream, 2))
    await client.close()
    assert before.config.num_replicas == 1
    assert {info.config.num_replicas for info in after} == {3}
    assert before.created in [info.created for info in after], "a stream that is younger would be healed"


async def has_replicas(stream: JetStreamContext, count: int) -> bool:
    """Whether consumers have followed their stream."""
    info = await stream.consumer_info("SCORER", "sequencer-score-changed")
    return bool(info.cluster) and len(info.cluster.replicas or []) == count


async def test_setup_refuses_more_replicas_than_there_are_servers(
    nodes: Cluster, servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_STREAM_REPLICAS", "5")
    with pytest.raises(StackError, match=r"PIPELINE_STREAM_REPLICAS=5 needs a NATS cluster with as many servers"):
        await prepare_streams(nodes.url("setup"), lambda _: None)
    for name in certificates.of_a_client(nodes.certificates):
        monkeypatch.delenv(name)

    with pytest.raises(StackError, match=r"needs a NATS cluster with as many servers"):
        await prepare_streams(servers.user_urls["setup"], lambda _: None)


async def test_a_planned_change_of_leaders_stalls_under_a_second_and_a_killed_leader_no_longer_than_the_election(
    nodes: Cluster, servers: TestServers, replicas: None
) -> None:
    async with run_on_the_cluster(nodes, servers) as service:
        setup = await service.broker("setup")
        async with flow(service) as events:
            for change in ("STREAM.LEADER.STEPDOWN.INGEST", "CONSUMER.LEADER.STEPDOWN.INGEST.matcher-posting-seen"):
                await setup.client.request(f"$JS.API.{change}", b"", timeout=5)
            planned = await events.stalled(2)
            killed = await leader_of(setup, nodes)
            await nodes.kill(killed)
            unplanned = await events.stalled(ELECTION_SECONDS)
            await nodes.start_node(killed)
        handled, letters = await noted(service), await service.ask(DeadLetters())
        with suppress(nats.errors.TimeoutError):  # the owner may have declared the next one before the reply
            await setup.stream.delete_stream("MATCHER")
        await until(lambda: is_healed(setup))

    assert handled == ids(*range(events.published))
    assert letters == []
    assert planned < PLANNED_SECONDS
    assert unplanned < ELECTION_SECONDS


@LONG
@pytest.mark.parametrize("what, seconds", [("retire", PLANNED_SECONDS), ("hang", 12), ("wipe", 12), ("cut_off", 12)])
async def test_a_server_that_is_retired_hung_wiped_or_cut_off_loses_nothing_and_stalls_briefly(
    nodes: Cluster, servers: TestServers, replicas: None, what: str, seconds: float
) -> None:
    async with run_on_the_cluster(nodes, servers) as service:
        setup = await service.broker("setup")
        async with flow(service) as events:
            node = await leader_of(setup, nodes)
            befalls = asyncio.create_task(befall(nodes, node, what))
            stalled = await events.stalled(30)
            await befalls
        handled, broken = await noted(service), service.app.broken.done()

    assert handled == ids(*range(events.published))
    assert stalled < seconds
    assert not broken


async def befall(nodes: Cluster, node: Node, what: str) -> None:
    if what == "wipe":
        await nodes.wipe(node)
        return
    getattr(nodes, what)(node)
    if what == "retire":
        assert node.process
        await node.process.wait()
        await nodes.start_node(node)
    else:
        await asyncio.sleep(20)
        (nodes.resume if what == "hang" else nodes.rejoin)(node)
        await nodes.healthy(node)


@LONG
async def test_a_service_waits_for_a_cluster_without_a_majority(
    nodes: Cluster, servers: TestServers, replicas: None
) -> None:
    async with run_on_the_cluster(nodes, servers) as service:
        async with flow(service) as events:
            for node in nodes.nodes[:2]:
                await nodes.kill(node)
            await asyncio.sleep(45)  # longer than a silent consumer would be waited for
            unready = await service.app.health.problems()
            broken = service.app.broken.done()
            await nodes.start_node(*nodes.nodes[:2])
        handled = await noted(service)

    assert unready
    assert not broken
    assert handled == ids(*range(events.published))
