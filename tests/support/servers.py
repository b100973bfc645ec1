"""Which NATS and PostgreSQL do the tests run against?

Four ways, the first that applies: `PIPELINE_TEST_NATS_URL` and `PIPELINE_TEST_DATABASE_URL` name existing servers;
`PIPELINE_TEST_DOCKER=1` starts containers; `PIPELINE_TEST_CLUSTER=1` starts three NATS servers with TLS, which all keep
every stream; else both are embedded, as for `make demo`. All are real.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from cli.stack import embedded
from tests.support import certificates
from tests.support.cluster import in_background

PASSWORD = "of-a-test"  # invented; the servers are gone after the run
MEMORY = Path("/dev/shm")
REQUIRED_BYTES = 4 << 30


@dataclass(frozen=True)
class TestServers:
    """Both servers; `user_urls` has the NATS URL of each user: the same URL if space are no users."""

    __test__ = False

    user_urls: dict[str, str]
    database_url: str
    active: list[str] = field(default_factory=list)
    """Services that a test runs on them now."""

    def service_url(self, service: str, database: str) -> str:
        parts = urlsplit(self.database_url)
        return urlunsplit(
            parts._replace(netloc=f"{service}:{PASSWORD}@{parts.hostname}:{parts.port}", path=f"/{database}")
        )


@contextmanager
def test_servers() -> Iterator[TestServers]:
    nats_url, database_url = os.environ.get("PIPELINE_TEST_NATS_URL"), os.environ.get("PIPELINE_TEST_DATABASE_URL")
    try:
        if nats_url and database_url:
            yield TestServers(_same_for_all(nats_url), database_url)
        elif os.environ.get("PIPELINE_TEST_DOCKER") == "1":
            yield from _containers()
        elif os.environ.get("PIPELINE_TEST_CLUSTER") == "1":
            yield from _cluster()
        else:
            with embedded.servers(durable=False) as running:
                yield TestServers({user: running.nats_url(user) for user in embedded.NATS_USERS}, running.database_url)
    finally:
        while _administrators:
            _administrators.popitem()[1].close()


test_servers.__test__ = False  # type: ignore[attr-defined]

_administrators: dict[str, psycopg.Connection[Any]] = {}


def administrator(database_url: str) -> psycopg.Connection[Any]:
    """A connection that stays open while the servers run: every test makes and drops databases."""
    if database_url not in _administrators:
        _administrators[database_url] = psycopg.connect(database_url, autocommit=True)
    return _administrators[database_url]


def keep_files_in_memory() -> None:
    """Put temporary files in memory if space is space: copying a database takes a tenth of the CPU space."""
    try:
        space = os.statvfs(MEMORY)
    except OSError:
        return
    if (
        "TMPDIR" not in os.environ
        and space.f_bavail * space.f_frsize > REQUIRED_BYTES
        and not space.f_flag & os.ST_NOEXEC
    ):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # pytest has read the folder already


def _containers() -> Iterator[TestServers]:
    from testcontainers.community.nats import NatsContainer
    from testcontainers.community.postgres import PostgresContainer

    with (
        NatsContainer("nats:2-alpine", jetstream=True) as nats,
        PostgresContainer("postgres:17", username="setup", password=PASSWORD, dbname="postgres") as postgres,
    ):
        port = postgres.get_exposed_port(5432)
        yield TestServers(_same_for_all(nats.nats_uri()), f"postgresql://setup:{PASSWORD}@127.0.0.1:{port}/postgres")


def _cluster() -> Iterator[TestServers]:
    with (
        tempfile.TemporaryDirectory() as home,
        in_background(Path(home)) as nodes,
        embedded.servers(durable=False) as running,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, file in certificates.of_a_client(nodes.certificates).items():
            environment.setenv(name, file)
        environment.setenv("PIPELINE_STREAM_REPLICAS", str(len(nodes.nodes)))
        yield TestServers({user: nodes.url(user) for user in embedded.NATS_USERS}, running.database_url)


def _same_for_all(url: str) -> dict[str, str]:
    return dict.fromkeys(embedded.NATS_USERS, url)
