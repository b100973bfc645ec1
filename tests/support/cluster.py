"""How do three real nats-servers run as a cluster, and what can befall one of them?

They have the product's accounts and TLS (`deploy/nats/cluster.conf`), and reach each other through proxies.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

from cli.stack import embedded
from cli.stack.children import Program, spawn_watched
from cli.stack.target import REPOSITORY
from tests.support import certificates
from tests.support.ports import own_port
from tests.support.proxy import Proxy

SIZE = 3
CONFIG = REPOSITORY / "deploy" / "nats" / "cluster.conf"
BLOCK = "cluster {"
# Without it, servers name their own addresses to each other and to clients, who would pass by the proxies.
UNADVERTISED = f"{BLOCK}\n  no_advertise: true"


@dataclass
class Node:
    """One server: its store, and its ports for clients, for the others and for health."""

    name: str
    store: Path
    client: int = field(default_factory=own_port)
    route: int = field(default_factory=own_port)
    monitor: int = field(default_factory=own_port)
    process: Process | None = None
    hung: bool = False


class Cluster:
    """Three servers, each of which can be killed, hung, wiped, retired and cut off."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.nodes = [Node(f"nats-{number}", home / f"nats-{number}") for number in range(1, SIZE + 1)]
        self.passwords = {user: embedded.new_password() for user in embedded.NATS_USERS}
        self.certificates = home / "certificates"
        self._secret = embedded.new_password()
        self._proxies: dict[tuple[str, str], Proxy] = {}

    def url(self, user: str, ports: list[int] | None = None) -> str:
        """All servers, for one user."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports or [node.client for node in self.nodes])
        return f"nats://{user}:{self.passwords[user]}@{hosts}"

    async def start(self) -> None:
        self.certificates.mkdir(parents=True)
        await asyncio.to_thread(certificates.issue, self.certificates)
        self._write_configuration()
        for one in self.nodes:
            for other in self.nodes:
                if one is not other:
                    self._proxies[one.name, other.name] = await Proxy(other.route).start()
        await self.start_node(*self.nodes)

    async def close(self) -> None:
        for node in self.nodes:
            await self.kill(node)
        for proxy in self._proxies.values():
            await proxy.close()

    async def start_node(self, *nodes: Node) -> None:
        """Returns when they have caught up with the others."""
        for node in nodes:
            node.process = await spawn_watched(self._program(node))
        for node in nodes:
            await self.healthy(node)

    async def healthy(self, node: Node, seconds: float = 60.0) -> None:
        """Wait until a server has caught up with the others, streams and consumers included."""
        url = f"http://127.0.0.1:{node.monitor}/healthz"
        async with asyncio.timeout(seconds):
            while not await asyncio.to_thread(embedded.answers, url):  # noqa: ASYNC110 - servers do not notify
                await asyncio.sleep(0.05)

    async def kill(self, node: Node) -> None:
        if node.process is not None and node.process.returncode is None:
            node.process.kill()
            await node.process.wait()
        node.process = None

    async def wipe(self, node: Node) -> None:
        """Kill it, and bring it back without its store."""
        await self.kill(node)
        await asyncio.to_thread(shutil.rmtree, node.store / "jetstream")
        await self.start_node(node)

    def hang(self, node: Node) -> None:
        """The process stops, but its connections stay open."""
        self._signal(node, signal.SIGSTOP)

    def resume(self, node: Node) -> None:
        self._signal(node, signal.SIGCONT)

    def retire(self, node: Node) -> None:
        """Lame duck: it hands over what it leads, then asks its clients to go, and ends."""
        self._signal(node, signal.SIGUSR2)

    def cut_off(self, node: Node) -> None:
        """Partition: clients still reach it, but it reaches no other server."""
        for proxy in self._proxies_of(node):
            proxy.hang()

    def rejoin(self, node: Node) -> None:
        for proxy in self._proxies_of(node):
            proxy.cut()

    def _proxies_of(self, node: Node) -> list[Proxy]:
        return [proxy for pair, proxy in self._proxies.items() if node.name in pair]

    def _signal(self, node: Node, number: signal.Signals) -> None:
        assert node.process is not None
        node.process.send_signal(number)

    def _write_configuration(self) -> None:
        for name in ("nats.conf", "tls.conf"):
            shutil.copy(CONFIG.with_name(name), self.home)
        (self.home / CONFIG.name).write_text(CONFIG.read_text().replace(BLOCK, UNADVERTISED))

    def _program(self, node: Node) -> Program:
        routes = [
            f"nats://cluster:{self._secret}@127.0.0.1:{self._proxies[node.name, other.name].port}"
            for other in self.nodes
            if other is not node
        ]
        program = embedded.nats_program(
            node.store,
            node.client,
            node.monitor,
            self.passwords,
            self.home / "logs" / node.name,
            self.home / "cluster.conf",
        )
        own = {
            "PIPELINE_NATS_NAME": node.name,
            "PIPELINE_NATS_CLUSTER_LISTEN": f"127.0.0.1:{node.route}",
            "PIPELINE_NATS_CLUSTER_PASSWORD": self._secret,
            "PIPELINE_NATS_CLUSTER_ROUTES": json.dumps(routes),
            **certificates.of_a_server(self.certificates),
        }
        return replace(program, environment={**program.environment, **own})


@asynccontextmanager
async def cluster(home: Path) -> AsyncIterator[Cluster]:
    """A running cluster; clients find their certificates in the environment."""
    running = Cluster(home)
    try:
        await running.start()
        yield running
    finally:
        await running.close()


@contextmanager
def in_background(home: Path) -> Iterator[Cluster]:
    """The same for callers without a loop of events: the proxies run on one of their own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="cluster")
    thread.start()
    running = Cluster(home)
    try:
        asyncio.run_coroutine_threadsafe(running.start(), loop).result()
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(running.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
