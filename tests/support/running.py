"""How does a test drive one service on real servers?"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import nats
import psycopg
from nats.js.errors import NotFoundError
from psycopg import sql
from psycopg.rows import dict_row
from pydantic import SecretStr

from cli.provision.setup import ensure_database, migrate, prepare_streams
from shared.application import Application
from shared.contracts import topology
from shared.contracts.envelope import Envelope, seal, unseal
from shared.contracts.events import Event
from shared.messaging.broker import Broker, connect
from shared.runtime import Runtime
from shared.service import Service
from shared.settings import Settings
from tests.support.servers import TestServers

E = TypeVar("E", bound=Event)

START = datetime(2026, 7, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


class Running:
    """A service at work in this process, with the means to feed it and to look at it."""

    def __init__(self, app: Runtime, url: str, brokers: dict[str, Broker]) -> None:
        self.app = app
        self.url = url
        self._brokers = brokers

    async def receive(self, *events: Event) -> None:
        """Publish events as their owners would, and wait until the service has nothing left to do."""
        for event in events:
            owner = topology.owner_of(type(event))
            await self.publish(owner, [seal(event, owner, self.app.clock.now())])
        await self.idle()

    async def publish(self, owner: str, envelopes: Sequence[Envelope]) -> None:
        stored = await self._brokers[owner].publish(envelopes)
        assert len(stored) == len(envelopes), "the stream did not store what was published"

    @property
    def cli(self) -> Broker:
        """The connection of people's tools."""
        return self._brokers["cli"]

    async def idle(self) -> None:
        """Wait until nothing is in flight in this service."""
        quiet = 0
        async with asyncio.timeout(60):
            while quiet < 2:
                status = await self.app.health.status()
                busy = sum(c["lag"] for c in status["consumers"]) + status["outbox"]
                quiet = 0 if busy else quiet + 1
                await asyncio.sleep(0.005)

    async def sql(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of the service's own database."""
        async with await psycopg.AsyncConnection.connect(self.url, row_factory=dict_row) as connection:
            return await (await connection.execute(query.encode(), params)).fetchall()

    async def published(self, kind: type[E]) -> list[E]:
        """The events of a kind that the service has published so far, in order."""
        rows = await self.sql(
            "SELECT headers, body FROM outbox WHERE subject = %(subject)s ORDER BY event_id", subject=kind.SUBJECT
        )
        return [unseal(row["headers"], row["body"].encode(), kind) for row in rows]

    async def ask(self, name: str, payload: Any = None) -> Any:
        """Ask the service over NATS, as people's tools do; raises `AskFailed`."""
        subject = name if "." in name else f"{self.app.name}.ask.{name}"
        return await self.cli.ask(subject, payload or {})

    async def at(self, local: str) -> list[str]:
        """Move the clock to a local time (`2026-07-02T06:00`) and run the jobs due; returns their names."""
        now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(self.app.timezone))
        ran: list[str] = (await self.ask("clock", {"now": now.isoformat()}))["ran"]
        await self.idle()
        return ran


@asynccontextmanager
async def run_service(
    name: str, servers: TestServers, service: Service | None = None, **settings: Any
) -> AsyncIterator[Running]:
    """One service on clean streams and a fresh database, at a simulated 1 July 2026, 8:00 in New York.

    `service` stands in for the service's own, for tests of the kernel.
    """
    url = await asyncio.to_thread(a_database, servers, name)
    async with run_on(url, name, servers, service, **settings) as running:
        yield running


@asynccontextmanager
async def run_on(
    url: str, name: str, servers: TestServers, service: Service | None = None, **settings: Any
) -> AsyncIterator[Running]:
    """The same on a database that exists."""
    await clean_streams(servers)
    application = Application(
        service or import_module(f"services.{name}.app").service,
        Settings(
            nats_url=SecretStr(servers.user_urls[name]),
            database_url=SecretStr(url),
            **{"simulation": True, "retry_delays": (0.05, 0.1), "sweep_seconds": 0.2, **settings},
        ),
    )
    async with AsyncExitStack() as stack:
        brokers = {user: await connect(url, user) for user, url in servers.user_urls.items() if user != "setup"}
        for broker in brokers.values():
            stack.push_async_callback(broker.close)
        await stack.enter_async_context(application)
        app = application.runtime
        running = Running(app, url, brokers)
        if app.settings.simulation:
            await running.ask("clock", {"now": START.isoformat()})
        yield running


async def clean_streams(servers: TestServers) -> None:
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    for service in topology.SERVICES:
        try:
            await client.jetstream().delete_stream(topology.stream_of(service))
        except NotFoundError:
            continue
    await client.close()
    await prepare_streams(servers.user_urls["setup"], lambda _: None)


def a_database(servers: TestServers, service: str) -> str:
    """The URL of a new database as the migrations leave it, copied from a template that is migrated once."""
    database, template = f"{service}_{next(_numbers)}", f"{service}_template"
    with psycopg.connect(servers.database_url, autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            ensure_database(servers.database_url, servers.service_url(service, template))
            migrate(service, servers.service_url(service, template))
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
        names = map(sql.Identifier, (database, template, service))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))
    return servers.service_url(service, database)
