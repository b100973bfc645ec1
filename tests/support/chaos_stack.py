"""How are all real services run so that each of them, and each of their servers, can be killed, hung, wiped or cut?"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats
import psycopg
from nats.js import JetStreamContext
from psycopg import sql

from cli.provision.setup import ensure_database, migrate, prepare_streams
from cli.stack import embedded
from cli.stack.children import Program, keep, spawn_watched
from cli.stack.target import REPOSITORY
from shared.addresses import servers_of
from shared.contracts.topology import SERVICES
from shared.messaging.broker import tls_options
from shared.messaging.tls import from_environment
from tests.support.ports import own_port
from tests.support.proxy import Proxy

PASSWORD = "of-a-test"
SWEEP_SECONDS = 0.3
RETRY_DELAYS = "0.1,0.2"
CLONE = "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY"


@dataclass
class Machines:
    """Both servers, which can be killed and restarted at the same addresses."""

    home: Path
    postgres: embedded.Postgres
    ports: dict[str, int]
    passwords: dict[str, str]
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def store(self) -> Path:
        return self.home / "nats"

    @property
    def database_url(self) -> str:
        return embedded.postgres_url(self.ports["postgres"], self.passwords["postgres"])

    @property
    def behind_proxies(self) -> dict[str, int]:
        """The servers that services reach, by name; those of NATS begin with `nats`."""
        return {name: self.ports[name] for name in ("nats", "postgres")}

    @property
    def settings(self) -> dict[str, str]:
        """What services need to know of these servers beside their addresses."""
        return {}

    def nats_url(self, user: str, *ports: int) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports or [self.ports["nats"]])
        return f"nats://{user}:{self.passwords[user]}@{hosts}"

    def service_url(self, service: str, database: str, *ports: int) -> str:
        first, *others = ports or [self.ports["postgres"]]
        url = embedded.postgres_url(first, PASSWORD, service, database)
        return with_standbys(url, first, others) if others else url

    async def start_empty_nats(self) -> None:
        await self.stop("nats", signal.SIGKILL)
        shutil.rmtree(self.store, ignore_errors=True)
        await self.start_nats()

    async def start_nats(self) -> None:
        ports, log = self.ports, self.home / "logs" / "nats"
        program = embedded.nats_program(self.store, ports["nats"], ports["monitor"], self.passwords, log)
        self.processes["nats"] = await spawn_watched(program)
        await until_true(lambda: embedded.answers(embedded.nats_health_url(ports["monitor"])))

    async def start_postgres(self) -> None:
        log = self.home / "logs" / "postgres"
        program = embedded.postgres_program(self.postgres, self.ports["postgres"], log, durable=False)
        self.processes["postgres"] = await spawn_watched(program)
        await until_true(lambda: embedded.postgres_answers(self.database_url))

    async def stop(self, server: str, number: signal.Signals) -> None:
        process = self.processes.pop(server, None)
        if process is not None:
            process.send_signal(number)
            await process.wait()


def with_standbys(url: str, first: int, others: Sequence[int]) -> str:
    """The URL of whichever host accepts writes."""
    hosts = ",".join(f"127.0.0.1:{port}" for port in (first, *others))
    return url.replace(f"127.0.0.1:{first}", hosts) + "?target_session_attrs=read-write"


async def until_true(condition: Any) -> None:
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - servers do not notify
            await asyncio.sleep(0.02)


@asynccontextmanager
async def machines() -> AsyncIterator[Machines]:
    """Both servers on their own stores, and a migrated template of every service's database."""
    home = Path(tempfile.mkdtemp(prefix="facility-pipeline-chaos-"))
    home.chmod(0o711)
    ports = {name: own_port() for name in ("nats", "monitor", "postgres")}
    passwords = {user: embedded.new_password() for user in (*embedded.NATS_USERS, "postgres")}
    postgres = embedded.prepare_postgres(home, "chaos")
    servers = Machines(home, postgres, ports, passwords)
    try:
        await asyncio.to_thread(embedded.initialize, postgres, passwords["postgres"], durable=False)
        await servers.start_postgres()
        await asyncio.to_thread(make_templates, servers)
        yield servers
    finally:
        await servers.stop("nats", signal.SIGKILL)
        await servers.stop("postgres", signal.SIGQUIT)
        shutil.rmtree(home, ignore_errors=True)


def make_templates(servers: Machines) -> None:
    for service in SERVICES:
        url = servers.service_url(service, f"{service}_template")
        ensure_database(servers.database_url, url)
        migrate(service, url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE effects (event_id uuid, consumer text)")


class Stack:
    """All services on empty databases and streams, each behind its own proxies."""

    def __init__(self, servers: Machines, broken_rule: str | None = None) -> None:
        self.servers = servers
        self.broken_rule = broken_rule
        self.proxies: dict[tuple[str, str], Proxy] = {}
        self.pids: dict[str, int] = {}
        self.restarts = dict.fromkeys(SERVICES, 0)
        self.http_ports = {service: own_port() for service in SERVICES}
        self._stopping = asyncio.Event()
        self._keepers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await asyncio.gather(self.servers.start_empty_nats(), asyncio.to_thread(self._clone_databases))
        await prepare_streams(self.servers.nats_url("setup"), lambda _: None)
        for service in SERVICES:
            for server, port in self.servers.behind_proxies.items():
                self.proxies[service, server] = await Proxy(port).start()
            self._keepers.append(asyncio.create_task(self._keep(service)))

    async def stop(self) -> None:
        self._stopping.set()
        for service in SERVICES:
            self.kill(service)
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for proxy in self.proxies.values():
            await proxy.close()

    def kill(self, service: str) -> None:
        """Kill -9; the supervisor restarts the service."""
        try:
            os.kill(self.pids[service], signal.SIGKILL)
        except (KeyError, ProcessLookupError):
            return

    def log_of(self, service: str) -> Path:
        return self.servers.home / "logs" / service

    async def kill_nats(self) -> None:
        await self.servers.stop("nats", signal.SIGKILL)

    async def restart_postgres(self) -> None:
        """An immediate shutdown of PostgreSQL, as in a crash."""
        await self.servers.stop("postgres", signal.SIGQUIT)
        await self.servers.start_postgres()

    @asynccontextmanager
    async def operator(self, user: str = "setup") -> AsyncIterator[JetStreamContext]:
        """A connection of a NATS user that bypasses the proxies."""
        client = await nats.connect(
            servers_of(self.servers.nats_url(user)),
            inbox_prefix=f"_INBOX_{user}",
            connect_timeout=2,
            **tls_options(from_environment()),
        )
        try:
            yield client.jetstream()
        finally:
            await client.close()

    async def _keep(self, service: str) -> None:
        async def start(deaths: int) -> Process:
            self.restarts[service] = deaths
            process = await spawn_watched(self._program(service))
            self.pids[service] = process.pid
            return process

        await keep(start, self._stopping)

    def _program(self, service: str) -> Program:
        ports = {server: self.proxies[service, server].port for server in self.servers.behind_proxies}
        nats_ports = [port for server, port in ports.items() if server.startswith("nats")]
        postgres_ports = [port for server, port in ports.items() if not server.startswith("nats")]
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]),
            "PYTHONUNBUFFERED": "1",
            "PIPELINE_NATS_URL": self.servers.nats_url(service, *nats_ports),
            "PIPELINE_DATABASE_URL": self.servers.service_url(service, service, *postgres_ports),
            "PIPELINE_HTTP_PORT": str(self.http_ports[service]),
            "PIPELINE_SIMULATION": "1",
            "PIPELINE_RETRY_DELAYS": RETRY_DELAYS,
            "PIPELINE_SWEEP_SECONDS": str(SWEEP_SECONDS),
            **self.servers.settings,
            **({"CHAOS_BREAK": self.broken_rule} if self.broken_rule else {}),
        }
        command = (sys.executable, "-m", "tests.support.chaos_service", service)
        return Program(service, command, self.log_of(service), environment)

    def _clone_databases(self) -> None:
        with psycopg.connect(self.servers.database_url, autocommit=True) as admin:
            for service in SERVICES:
                name, template = sql.Identifier(service), sql.Identifier(f"{service}_template")
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                admin.execute(sql.SQL(CLONE).format(name, template, name))
