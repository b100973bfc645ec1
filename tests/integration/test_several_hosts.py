"""Do setup and services accept several hosts in one URL, and connect to the available one?"""

from __future__ import annotations

import asyncio
from itertools import count
from urllib.parse import urlsplit

import psycopg
import pytest

from cli.provision import connections
from cli.provision.setup import prepare_databases, prepare_streams
from cli.stack.plan import as_service
from cli.stack.target import StackError, Target
from shared.messaging.broker import connect
from shared.settings import LISTENING_CONNECTIONS
from tests.support.probe import probe
from tests.support.running import a_database, run_on
from tests.support.servers import PASSWORD, TestServers

RESERVED = 3
"""Connections reserved for administrators, by default."""
UNAVAILABLE = "127.0.0.1:1"
FORMS = {
    "hosts": "postgresql://{who}@127.0.0.1:1,{host}:{port}/{database}?target_session_attrs=read-write",
    "parameters": "postgresql://{who}@/{database}?host=127.0.0.1,{host}&port=1,{port}&target_session_attrs=read-write",
}
_numbers = count(1)


def with_a_dead_host(form: str, url: str) -> str:
    """The same URL with an unavailable host before the real one."""
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    return FORMS[form].format(who=who, host=parts.hostname, port=parts.port, database=parts.path.lstrip("/"))


@pytest.mark.parametrize("form", FORMS)
def test_setup_creates_databases_on_the_available_host(servers: TestServers, form: str) -> None:
    admin = with_a_dead_host(form, servers.database_url)
    url = as_service(admin, "scorer", PASSWORD).replace("/scorer?", f"/several_hosts_{next(_numbers)}?")

    prepare_databases(Target("", admin, {"scorer": url}), lambda _: None)

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)


@pytest.mark.parametrize("form", FORMS)
async def test_a_service_works_on_the_available_host(servers: TestServers, form: str) -> None:
    url = await asyncio.to_thread(a_database, servers, "matcher")

    async with run_on(with_a_dead_host(form, url), "matcher", servers, probe()) as service:
        assert await service.ask("half", {"number": 4}) == 2


async def test_setup_and_services_connect_to_the_available_nats_server(servers: TestServers) -> None:
    urls = {}
    for user in ("setup", "matcher"):
        who, _, address = servers.user_urls[user].rpartition("://")[2].rpartition("@")
        urls[user] = f"nats://{who}@{UNAVAILABLE},{address}"

    await prepare_streams(urls["setup"], lambda _: None)
    broker = await connect(urls["matcher"], "matcher")

    assert broker.connected
    await broker.close()


def test_setup_prints_how_many_replicas_have_connections(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = dict.fromkeys(("matcher", "scorer"), servers.database_url)
    monkeypatch.setenv("PIPELINE_POOL", "10")

    with psycopg.connect(servers.database_url) as connection:
        free = connection.execute("SHOW max_connections").fetchone()
    fit = (int(free[0]) - RESERVED) // (2 * (10 + LISTENING_CONNECTIONS)) if free else 0

    assert connections.check(urls) == f"connections to PostgreSQL suffice for {fit} replicas of every service"


def test_setup_refuses_pools_that_exceed_the_connections_of_the_server(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_MATCHER_POOL", "5000")

    with pytest.raises(StackError, match=r"has \d+ connections for services, but these may use 5001: matcher 1 x 5001"):
        connections.check({"matcher": servers.database_url})


def test_setup_refuses_more_replicas_than_have_connections_with_the_number_that_is_missing(
    servers: TestServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELINE_REPLICAS", "2")
    monkeypatch.setenv("PIPELINE_SCORER_REPLICAS", "300")
    monkeypatch.setenv("PIPELINE_POOL", "9")
    urls = dict.fromkeys(("matcher", "scorer"), servers.database_url)
    with psycopg.connect(servers.database_url) as connection:
        free = connection.execute("SHOW max_connections").fetchone()
    missing = 2 * 10 + 300 * 10 - (int(free[0]) - RESERVED if free else 0)

    with pytest.raises(StackError, match=f"matcher 2 x 10, scorer 300 x 10. Raise max_connections by {missing}, or"):
        connections.check(urls)


def test_setup_refuses_a_number_of_replicas_that_is_none(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_REPLICAS", "many")

    with pytest.raises(StackError, match="PIPELINE_REPLICAS must be a whole number"):
        connections.check({"matcher": servers.database_url})
