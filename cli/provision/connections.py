"""Does every PostgreSQL have enough connections for all replicas of the services?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cli.provision.settings import of_service, replicas_of
from cli.stack.target import StackError
from shared.settings import LISTENING_CONNECTIONS, pool_size

POOLED = 0
"""The connections of a server behind a pooler, which shares few of them among many."""


def connect(url: str) -> psycopg.Connection[Any]:
    """Connect as libpq reads the URL, without prepared statements, which some poolers do not support."""
    return psycopg.connect(url, prepare_threshold=None)


def check(service_urls: Mapping[str, str]) -> str:
    """How many replicas the connections suffice for; raises `StackError` if these are fewer than there are."""
    servers = defaultdict[str, list[str]](list)
    for service, url in service_urls.items():
        servers[_server_of(url)].append(service)
    found = [_check(server, services, service_urls[services[0]]) for server, services in servers.items()]
    fit = min(fit for fit, _ in found)
    if not fit:
        most = sum(connections for _, connections in found)
        return f"a pooler is in front of PostgreSQL; it has to accept {most} connections (max_client_conn of PgBouncer)"
    return f"connections to PostgreSQL suffice for {fit} replica{'s' if fit > 1 else ''} of every service"


def _check(server: str, services: list[str], url: str) -> tuple[int, int]:
    """For how many replicas of each service a server has connections (0: unknown), and how many are used at most."""
    each = {name: (of_service(name).pool or pool_size(name)) + LISTENING_CONNECTIONS for name in services}
    wanted = {name: replicas_of(name) * connections for name, connections in each.items()}
    most, free = sum(wanted.values()), _connections_of(url)
    if free == POOLED:
        return 0, most
    if most > free:
        parts = ", ".join(f"{name} {replicas_of(name)} x {connections}" for name, connections in each.items())
        raise StackError(
            f"PostgreSQL ({server}) has {free} connections for services, but these may use {most}: {parts}. Raise"
            f" max_connections by {most - free}, or lower PIPELINE_POOL or PIPELINE_REPLICAS."
        )
    return free // sum(each.values()), most


def _server_of(url: str) -> str:
    parts = conninfo_to_dict(url)
    return f"{parts.get('host')}:{parts.get('port', 5432)}"


def _connections_of(url: str) -> int:
    """The connections of a server that are not reserved; `POOLED` behind a pooler, which makes up a process id."""
    with connect(url) as connection:
        row = connection.execute(
            """
            SELECT pg_backend_pid(), current_setting('max_connections')::int
                - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true), '0')::int
            """
        ).fetchone()
        own = connection.info.backend_pid
    return int(row[1]) if row and row[0] == own else POOLED
