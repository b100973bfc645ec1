"""Which faults occur where three NATS servers are a cluster, and PostgreSQL has a standby?"""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from cli.stack import embedded
from cli.stack.children import spawn_watched
from shared.contracts import topology
from shared.contracts.topology import SERVICES
from tests.support import certificates, standby
from tests.support.chaos_faults import KINDS, Fault, Scene
from tests.support.chaos_stack import Machines, make_templates, until_true
from tests.support.cluster import Cluster, Node
from tests.support.ports import own_port

REPLICAS = "3"


@dataclass
class ClusteredMachines(Machines):
    """Three NATS servers, and PostgreSQL with a standby that has every commit."""

    cluster: Cluster = None  # type: ignore[assignment]
    other: embedded.Postgres = None  # type: ignore[assignment]
    """The standby; after a promotion, the next one."""

    @property
    def behind_proxies(self) -> dict[str, int]:
        databases = {name: self.ports[name] for name in ("postgres", "standby")}
        return {**{node.name: node.client for node in self.cluster.nodes}, **databases}

    @property
    def settings(self) -> dict[str, str]:
        return {"PIPELINE_STREAM_REPLICAS": REPLICAS, **certificates.of_a_client(self.cluster.certificates)}

    def nats_url(self, user: str, *ports: int) -> str:
        return self.cluster.url(user, list(ports))

    async def start_empty_nats(self) -> None:
        for node in self.cluster.nodes:
            await self.cluster.kill(node)
            shutil.rmtree(node.store, ignore_errors=True)
        await self.cluster.start_node(*self.cluster.nodes)

    async def follow(self) -> None:
        """Start a standby of the primary that runs now, for which its commits wait from then on."""
        await asyncio.to_thread(standby.copy, self.postgres, self.database_url, self.other.data)
        program = embedded.postgres_program(
            self.other, self.ports["standby"], self.home / "logs" / "standby", durable=False
        )
        self.processes["standby"] = await spawn_watched(program)
        url = embedded.postgres_url(self.ports["standby"], self.passwords["postgres"])
        await until_true(lambda: embedded.postgres_answers(url))
        await asyncio.to_thread(standby.wait_for_the_standby, self.database_url)

    async def promote(self) -> None:
        """Lose the primary, let its standby take its place, and a new standby follow that."""
        await self.stop("postgres", signal.SIGQUIT)
        self.postgres, self.other = self.other, self.postgres
        self.ports["postgres"], self.ports["standby"] = self.ports["standby"], self.ports["postgres"]
        self.processes["postgres"] = self.processes.pop("standby")
        await asyncio.to_thread(standby.promote, self.database_url)
        await asyncio.to_thread(standby.wait_for_no_standby, self.database_url)
        await self.follow()


@asynccontextmanager
async def clustered_machines() -> AsyncIterator[ClusteredMachines]:
    """All servers, and a migrated template of every service's database; this process has the settings of services."""
    home = Path(tempfile.mkdtemp(prefix="facility-pipeline-chaos-"))
    home.chmod(0o711)
    cluster, postgres = Cluster(home / "nats"), embedded.prepare_postgres(home, "chaos")
    ports = {name: own_port() for name in ("postgres", "standby")}
    passwords = {**cluster.passwords, "postgres": embedded.new_password()}
    other = replace(postgres, data=postgres.data.with_name("standby"))
    servers = ClusteredMachines(home, postgres, ports, passwords, cluster=cluster, other=other)
    with pytest.MonkeyPatch.context() as environment:
        try:
            await asyncio.to_thread(embedded.initialize, postgres, passwords["postgres"], durable=False)
            standby.allow_replication(postgres)
            await asyncio.gather(cluster.start(), servers.start_postgres())
            for name, value in servers.settings.items():
                environment.setenv(name, value)
            await asyncio.to_thread(make_templates, servers)
            await servers.follow()
            yield servers
        finally:
            await cluster.close()
            for name in ("standby", "postgres"):
                await servers.stop(name, signal.SIGQUIT)
            shutil.rmtree(home, ignore_errors=True)


def _nodes(scene: Scene) -> tuple[Cluster, Node, Random]:
    servers = scene.stack.servers
    assert isinstance(servers, ClusteredMachines)
    return servers.cluster, scene.chance.choice(servers.cluster.nodes), scene.chance


async def node_killed(scene: Scene) -> None:
    cluster, node, chance = _nodes(scene)
    await cluster.kill(node)
    await asyncio.sleep(chance.uniform(0.1, 8.0))
    await cluster.start_node(node)


async def node_hung(scene: Scene) -> None:
    cluster, node, chance = _nodes(scene)
    cluster.hang(node)
    await asyncio.sleep(chance.uniform(1.0, 15.0))
    cluster.resume(node)
    await cluster.healthy(node)


async def node_wiped(scene: Scene) -> None:
    cluster, node, _ = _nodes(scene)
    await cluster.wipe(node)


async def node_retired(scene: Scene) -> None:
    cluster, node, _ = _nodes(scene)
    cluster.retire(node)
    assert node.process is not None
    await node.process.wait()
    await cluster.start_node(node)


async def node_cut_off(scene: Scene) -> None:
    cluster, node, chance = _nodes(scene)
    cluster.cut_off(node)
    await asyncio.sleep(chance.uniform(1.0, 15.0))
    cluster.rejoin(node)
    await cluster.healthy(node)


async def leaders_changed(scene: Scene) -> None:
    async with scene.stack.operator() as stream:
        for service in SERVICES:
            subject = f"$JS.API.STREAM.LEADER.STEPDOWN.{topology.stream_of(service)}"
            await stream._nc.request(subject, b"", timeout=5)


async def standby_promoted(scene: Scene) -> None:
    servers = scene.stack.servers
    assert isinstance(servers, ClusteredMachines)
    await servers.promote()


OF_SERVERS: dict[str, Fault] = {
    "one of three NATS servers killed": node_killed,
    "one of three NATS servers hung": node_hung,
    "one of three NATS servers wiped": node_wiped,
    "one of three NATS servers retired": node_retired,
    "one of three NATS servers cut off": node_cut_off,
    "leaders of all streams changed": leaders_changed,
    "primary of PostgreSQL lost, standby promoted": standby_promoted,
}
"""None of them gives a service a reason to end."""
OF_A_SINGLE_SERVER = ("NATS", "PostgreSQL")
CLUSTER_KINDS: dict[str, Fault] = {
    **{kind: fault for kind, fault in KINDS.items() if not kind.startswith(OF_A_SINGLE_SERVER)},
    **OF_SERVERS,
}
