"""What must exist before the services start?

Databases and roles, tables, streams and consumers. Set-up can be repeated at any time: it changes only what is missing
or different.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import nats
import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import APIError, NotFoundError
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from cli.provision import connections, views
from cli.provision.settings import of_service, setting
from cli.stack.target import REPOSITORY, StackError, Target
from shared.addresses import credentials_of, servers_of
from shared.contracts import topology
from shared.contracts.events import Event
from shared.messaging import tls
from shared.messaging.broker import tls_options
from shared.messaging.streams import (
    MAX_ACK_PENDING,
    ServerTooOld,
    check_server,
    declare_consumer,
    declare_stream,
    stream_config,
)

TOO_FEW_SERVERS = (10_005, 10_074)
"""Errors of JetStream: the cluster has not enough servers that are up, or the server is in no cluster."""

Progress = Callable[[str], None]


async def set_up(target: Target, progress: Progress) -> None:
    """Prepare servers for the services; raises `psycopg.Error` or `nats.errors.Error`."""
    databases = asyncio.to_thread(prepare_databases, target, progress)
    await asyncio.gather(databases, prepare_streams(target.nats_url, progress))


def prepare_databases(target: Target, progress: Progress) -> None:
    if target.database_url:
        for url in target.service_urls.values():
            ensure_database(target.database_url, url)
        views.ensure_role(target.database_url, target.service_urls.values(), setting("PIPELINE_ANALYST_PASSWORD"))
    for service, url in target.service_urls.items():
        migrate(service, url)
    progress(connections.check(target.service_urls))
    progress(f"databases ready: {', '.join(target.service_urls)}")


def ensure_database(admin_url: str, url: str) -> None:
    """Create a service's role and database if they are missing; no other role can connect to the database."""
    parts = conninfo_to_dict(url)
    role, password = str(parts.get("user") or ""), str(parts.get("password") or "")
    database = str(parts.get("dbname") or role)
    name, owner = sql.Identifier(database), sql.Identifier(role)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE").format(owner))
        # The verifier is computed here, because the server may log the statement, which must not contain the password.
        verifier = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(owner, sql.Literal(verifier)))
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))


def migrate(service: str, url: str) -> None:
    """Migrate the tables of the kernel and of the service, as the role that owns them."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: connections.connect(url), poolclass=NullPool)
    try:
        _migrate(service, engine)
    except DBAPIError as error:
        raise StackError(f"The tables of {service} could not be prepared: {error.orig}") from error


def _migrate(service: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(72340172838076673)")  # one set-up at a time
        found = {
            table: _scripts(REPOSITORY / folder / "migrations")
            for folder, table in (("shared/storage", "kernel_version"), (f"services/{service}", "service_version"))
            if (REPOSITORY / folder / "migrations").is_dir()
        }
        database = cast(psycopg.Connection[Any], connection.connection.driver_connection)
        # A view refuses changes of the columns that it has, so it is dropped before tables change.
        with views.made_anew(database, service, [script.get_current_head() for _, script in found.values()]):
            for version_table, (config, script) in found.items():
                _upgrade(connection, config, script, version_table)
        views.let_analysts_read(database)


def _scripts(migrations: Path) -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return config, ScriptDirectory.from_config(config)


def _upgrade(connection: Connection, config: Config, script: ScriptDirectory, version_table: str) -> None:
    """The same as `alembic upgrade head`, without an ini file and an environment script for each service."""
    with EnvironmentContext(config, script, fn=lambda revision, _: script._upgrade_revs("head", revision)) as context:
        context.configure(connection=connection, version_table=version_table)
        context.run_migrations()


async def prepare_streams(nats_url: str, progress: Progress) -> None:
    """Raises `StackError` if the server is too old, or the URL names none."""
    try:
        servers = servers_of(nats_url)
    except ValueError as error:
        raise StackError(f"PIPELINE_NATS_URL {error}.") from None
    user = urlsplit(servers[0]).username or "setup"
    client = await nats.connect(
        servers,
        inbox_prefix=f"_INBOX_{user}",
        **credentials_of(nats_url),
        **tls_options(tls.from_environment()),
    )
    try:
        check_server(client)
        await _prepare_streams(client.jetstream())
    except ServerTooOld as error:
        raise StackError(str(error)) from error
    finally:
        await client.close()
    progress(f"streams ready: {', '.join(map(topology.stream_of, topology.SERVICES))}")


async def _prepare_streams(stream: JetStreamContext) -> None:
    for service in topology.SERVICES:
        await _ensure_stream(stream, service)
    for service, events in topology.CONSUMES.items():
        for event in events:
            await declare_consumer(stream, service, event)
    await prepare_subscriber(stream, subscribed(os.environ))


def subscribed(environment: Mapping[str, str]) -> list[type[Event]]:
    """The events for downstream tools, from `PIPELINE_SUBSCRIBER_SUBJECTS`; raises `StackError`."""
    wanted = [part.strip() for part in environment.get("PIPELINE_SUBSCRIBER_SUBJECTS", "").split(",") if part.strip()]
    offered = {event.SUBJECT: event for event in topology.open_events()}
    if unknown := [subject for subject in wanted if subject not in offered]:
        raise StackError(
            f"PIPELINE_SUBSCRIBER_SUBJECTS: {', '.join(unknown)} is not for subscribers;"
            f" choose from {', '.join(offered)}."
        )
    return [offered[subject] for subject in wanted]


async def prepare_subscriber(stream: JetStreamContext, events: list[type[Event]]) -> None:
    """Create a durable consumer for each event that downstream tools read, and delete the others."""
    user = topology.SUBSCRIBER
    for event in topology.open_events():
        owner, durable = topology.stream_of(topology.owner_of(event)), topology.durable_of(user, event)
        if event in events:
            await stream.add_consumer(
                owner,
                ConsumerConfig(durable_name=durable, filter_subject=event.SUBJECT, max_ack_pending=MAX_ACK_PENDING),
            )
        else:
            with suppress(NotFoundError):
                await stream.delete_consumer(owner, durable)


async def _ensure_stream(stream: JetStreamContext, service: str) -> None:
    """Create or change a stream in place; raises `StackError` if NATS has too few servers for its replicas."""
    replicas = of_service(service).stream_replicas
    try:
        try:
            await stream.stream_info(topology.stream_of(service))
            await stream.update_stream(stream_config(service, replicas))
        except NotFoundError:
            await declare_stream(stream, service, replicas)
    except APIError as error:
        if error.err_code not in TOO_FEW_SERVERS:
            raise
        raise StackError(
            f"PIPELINE_STREAM_REPLICAS={replicas} needs a NATS cluster with as many servers that are up:"
            f" {error.description}. Add servers, or lower it."
        ) from error
