"""How does a test drive one service on real servers?"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeVar, overload
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import nats
from nats.aio.client import Client
from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row
from pydantic import SecretStr
from pydantic_core import from_json, to_json

from cli.provision.setup import ensure_database, migrate
from shared.addresses import servers_of
from shared.application import Application
from shared.clock import Clock
from shared.contracts import topology
from shared.contracts.envelope import Envelope, seal, unseal
from shared.contracts.events import Event
from shared.contracts.kernel import SetClock
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.messaging.broker import Broker, connect, tls_options
from shared.messaging.streams import declare_consumer, declare_stream
from shared.messaging.tls import from_environment
from shared.runtime import Runtime
from shared.service import Service
from shared.settings import Settings
from shared.storage.database import Database
from shared.storage.retention import maintain
from tests.support.servers import TestServers, administrator

E = TypeVar("E", bound=Event)
R = TypeVar("R")

START = datetime(2026, 7, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


class Running:
    """A service that runs in this process, with methods to send it events and to inspect it."""

    def __init__(self, app: Runtime, url: str, servers: TestServers, stack: AsyncExitStack) -> None:
        self.app = app
        self.url = url
        self._servers = servers
        self._stack = stack
        self._brokers: dict[str, Broker] = {}
        self._connection: AsyncConnection[dict[str, Any]] | None = None
        self._unconfirmed: set[str] = set()
        """Subjects with published messages that may not have been delivered to the service yet."""

    async def receive(self, *events: Event) -> None:
        """Publish events as their owners would, and wait until the service has nothing left to do."""
        for owner, group in itertools.groupby(events, lambda event: topology.owner_of(type(event))):
            await self.publish(owner, [seal(event, owner, self.app.clock.now()) for event in group])
        await self.idle()

    async def publish(self, owner: str, envelopes: Sequence[Envelope]) -> None:
        stored = await (await self.broker(owner)).publish(envelopes)
        assert len(stored) == len(envelopes), "the stream did not store what was published"
        self._unconfirmed |= {envelope.subject for envelope in envelopes}

    async def broker(self, user: str) -> Broker:
        """The connection of a service, or of the command line."""
        if user not in self._brokers:
            self._brokers[user] = await connect(self._servers.user_urls[user], user, tls=from_environment())
            self._stack.push_async_callback(self._brokers[user].close)
        return self._brokers[user]

    @property
    def cli(self) -> Broker:
        """The connection of the command line."""
        return self._brokers["cli"]

    async def idle(self) -> None:
        """Wait until nothing is in flight in this service."""
        quiet = 0
        async with asyncio.timeout(60):
            while quiet < 2:
                busy = await self._is_behind() or (await self.app.health.in_flight()).in_flight
                quiet = 0 if busy else quiet + 1
                await asyncio.sleep(0.005)

    async def _is_behind(self) -> bool:
        """Whether a stored message is not delivered yet; it is not pending before the server notifies the consumer."""
        for consumer in [each for each in self.app.consumers if each.event.SUBJECT in self._unconfirmed]:
            subject = consumer.event.SUBJECT
            last = await self.cli.stream.get_last_msg(consumer.stream, subject)
            info = await self.app.broker.stream.consumer_info(consumer.stream, consumer.durable)
            if not info.delivered or info.delivered.stream_seq < (last.seq or 0):
                return True
            self._unconfirmed.remove(subject)
        return False

    async def sql(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of the service's own database."""
        if self._connection is None or self._connection.closed:
            self._connection = await AsyncConnection.connect(
                self.url, autocommit=True, row_factory=dict_row, prepare_threshold=None
            )
            self._stack.push_async_callback(self._connection.close)
        cursor = await self._connection.execute(query.encode(), params or None)
        return await cursor.fetchall() if cursor.description else []

    async def published(self, kind: type[E]) -> list[E]:
        """The events of a kind that the service has published so far, in order."""
        rows = await self.sql(
            "SELECT headers, body FROM outbox WHERE subject = %(subject)s ORDER BY event_id", subject=kind.SUBJECT
        )
        return [unseal(row["headers"], row["body"].encode(), kind) for row in rows]

    @overload
    async def ask(self, request: Question[R]) -> R: ...

    @overload
    async def ask(self, request: str, payload: Any = None) -> Any: ...

    async def ask(self, request: str | Question[Any], payload: Any = None) -> Any:
        """Send a request over NATS, as the command line does, or any JSON to a subject; raises `AskFailed`."""
        if not isinstance(request, str):
            return await self.cli.ask(request, service=self.app.name)
        subject = request if "." in request else f"{self.app.name}.ask.{request}"
        return from_json(await self.cli.request(subject, to_json(payload or {}), 30))

    async def set_clock(self, now: datetime) -> list[str]:
        """Set the clock; returns the names of the jobs that ran."""
        return (await self.ask(SetClock(now=now, actor="test"))).ran

    async def at(self, local: str) -> list[str]:
        """Move the clock to a local time (`2026-07-02T06:00`) and run the jobs due; returns their names."""
        now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(self.app.clock.timezone))
        ran = await self.set_clock(now)
        await self.idle()
        return ran


@asynccontextmanager
async def run_service(
    name: str, servers: TestServers, service: Service | None = None, **settings: Any
) -> AsyncIterator[Running]:
    """One service on clean streams and a fresh database, at a simulated 1 July 2026, 8:00 in New York.

    `service` replaces the service's declaration, for tests of the kernel.
    """
    url = await asyncio.to_thread(a_database, servers, name)
    try:
        async with run_on(url, name, servers, service, **settings) as running:
            yield running
    finally:
        await asyncio.to_thread(drop_database, servers, url)


@asynccontextmanager
async def run_on(
    url: str, name: str, servers: TestServers, service: Service | None = None, **settings: Any
) -> AsyncIterator[Running]:
    """The same on a database that exists."""
    async with streams_for(servers, name), AsyncExitStack() as stack:
        application = Application(
            service or import_module(f"services.{name}.app").service,
            Settings(
                nats_url=SecretStr(servers.user_urls[name]),
                database_url=SecretStr(url),
                **{"simulation": True, "retry_delays": (0.05, 0.1), "sweep_seconds": 0.2, **settings},
            ),
        )
        running = Running(application.runtime, url, servers, stack)
        await running.broker("cli")
        await stack.enter_async_context(application)
        if application.runtime.settings.simulation:
            await _begin(running)
        yield running


async def _begin(running: Running) -> None:
    """Set the first time, once every server of a cluster knows who replies."""
    for _ in range(50):
        try:
            await running.set_clock(START)
        except AskFailed as failed:
            if failed.code != 503:
                raise
            await asyncio.sleep(0.05)
        else:
            return


@asynccontextmanager
async def streams_for(servers: TestServers, service: str) -> AsyncIterator[None]:
    """Empty streams for a service and for what it consumes; streams of services that already run here stay."""
    await _declare(servers, [service], clean=not servers.active)
    servers.active.append(service)
    try:
        yield
    finally:
        servers.active.remove(service)


async def clean_streams(servers: TestServers) -> None:
    """All streams, empty, with all consumers."""
    await _declare(servers, topology.SERVICES, clean=True)


async def operator(servers: TestServers) -> Client:
    """A connection with all permissions on streams."""
    url = servers.user_urls["setup"]
    return await nats.connect(servers_of(url), inbox_prefix="_INBOX_setup", **tls_options(from_environment()))


async def _declare(servers: TestServers, services: Iterable[str], clean: bool) -> None:
    client = await operator(servers)
    jetstream = client.jetstream()
    present = {info.config.name for info in await jetstream.streams_info()}
    if clean:
        await asyncio.gather(*map(jetstream.delete_stream, filter(None, present)))
        present = set()
    consumed = [(service, event) for service in services for event in topology.CONSUMES[service]]
    owners = {*services, *(topology.owner_of(event) for _, event in consumed)}
    wanted = [owner for owner in owners if topology.stream_of(owner) not in present]
    replicas = Settings().stream_replicas
    await asyncio.gather(*(declare_stream(jetstream, owner, replicas) for owner in wanted))
    await asyncio.gather(*(declare_consumer(jetstream, service, event) for service, event in consumed))
    await client.close()


def a_database(servers: TestServers, service: str) -> str:
    """The URL of a new database, copied from a template that is migrated once and has this week's partitions."""
    database, template = f"{service}_{next(_numbers)}", f"{service}_template"
    admin = administrator(servers.database_url)
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
        ensure_database(servers.database_url, servers.service_url(service, template))
        migrate(service, servers.service_url(service, template))
        asyncio.run(_add_partitions(servers.service_url(service, template), service))
    names = map(sql.Identifier, (database, template, service))
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(*names))
    return servers.service_url(service, database)


async def _add_partitions(url: str, service: str) -> None:
    """Create the partitions that each start of a service would create."""
    settings, database = Settings(), Database(url, 1, service, Clock("UTC"))
    days = {name: getattr(settings, name) for name in ("inbox_days", "outbox_days", "history_days")}
    await database.open()
    try:
        await maintain(database.begin_internal, **days)
    finally:
        await database.close()


def drop_database(servers: TestServers, url: str) -> None:
    name = sql.Identifier(urlsplit(url).path.removeprefix("/"))
    administrator(servers.database_url).execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
