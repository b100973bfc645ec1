"""Does each service own its tables, and no others?"""

from __future__ import annotations

import itertools
import os
from importlib import import_module
from importlib.util import find_spec

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from cli.provision.setup import ensure_database, migrate
from shared.contracts.topology import SERVICES
from tests.support.servers import TestServers

KERNEL = {
    "api_keys",
    "commands",
    "failures",
    "dead_letters",
    "jobs",
    "simulated_time",
    "streams_seen",
    "unpublished",
    "work",
    "kernel_version",
    "service_version",
}


def of_the_kernel(table: str) -> bool:
    """Inbox, outbox and history have partitions, a table for each week."""
    return table in KERNEL or table.startswith(("inbox", "outbox", "history"))


KERNEL |= {"inbox_default", "outbox_default", "history_default"}


@pytest.fixture(scope="module")
def urls(servers: TestServers) -> dict[str, str]:
    found = {service: servers.service_url(service, f"{service}_owned") for service in SERVICES}
    for service, url in found.items():
        ensure_database(servers.database_url, url)
        migrate(service, url)
    return found


def declared_by(service: str) -> MetaData:
    """The tables of a service; it has none without a module for them."""
    name = f"services.{service}.tables"
    declared: MetaData = import_module(name).metadata if find_spec(name) else MetaData()
    return declared


@pytest.mark.parametrize("role, other", list(itertools.permutations(SERVICES, 2)))
def test_a_database_refuses_the_roles_of_other_services(
    role: str, other: str, servers: TestServers, urls: dict[str, str]
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(servers.service_url(role, urls[other].rsplit("/", 1)[1]))


@pytest.mark.skipif(
    bool(os.environ.get("PIPELINE_TEST_DATABASE_URL") or os.environ.get("PIPELINE_TEST_DOCKER")),
    reason="the operator of an existing server closes its databases",
)
@pytest.mark.parametrize("role", SERVICES)
@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_the_servers_own_databases_refuse_every_service(
    role: str, database: str, servers: TestServers, urls: dict[str, str]
) -> None:
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        psycopg.connect(servers.service_url(role, database))


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrations_create_the_tables_that_the_service_declares(service: str, urls: dict[str, str]) -> None:
    metadata = declared_by(service)
    # Otherwise the tables of every schema on the path would count as those of `public`.
    visible = {"options": "-c search_path=public"}
    engine = create_engine("postgresql+psycopg://" + urls[service].split("://", 1)[1], connect_args=visible)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "table" or not of_the_kernel(name or ""),
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_setup_may_run_again_at_any_time(servers: TestServers, urls: dict[str, str]) -> None:
    for service, url in urls.items():
        ensure_database(servers.database_url, url)
        migrate(service, url)
