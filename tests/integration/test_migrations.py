"""Does what a database held before a migration mean the same after it?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from cli.provision.setup import ensure_database, migrate
from cli.stack.target import REPOSITORY
from services.matcher.domain.directory import Group
from services.matcher.domain.inbox import key_of_group
from tests.support.servers import TestServers


def a_database(servers: TestServers, service: str) -> str:
    url = servers.service_url(service, f"{service}_migrated")
    with psycopg.connect(servers.database_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {service}_migrated".encode())
    ensure_database(servers.database_url, url)
    migrate(service, url)
    return url


def back(service: str, url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "services" / service / "migrations"))
    script = ScriptDirectory.from_config(config)
    engine = create_engine("postgresql+psycopg://" + url.split("://", 1)[1])

    def steps(at: Any, _: object) -> Any:
        return script._downgrade_revs(revision, at)

    with engine.begin() as connection, EnvironmentContext(config, script, fn=steps) as context:
        context.configure(connection=connection, version_table="service_version")
        context.run_migrations()
    engine.dispose()


def rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []


def test_the_keys_of_sources_hold_on(servers: TestServers) -> None:
    url = a_database(servers, "ingest")
    back("ingest", url, "0002")
    since = datetime(2026, 7, 1, tzinfo=UTC)
    rows(url, "INSERT INTO sources VALUES ('board', 'a hash', %s, %s)", since, since)

    migrate("ingest", url)

    assert rows(url, "SELECT * FROM api_keys") == [("board", "a hash", since, since)]
    back("ingest", url, "0002")
    assert rows(url, "SELECT * FROM sources") == [("board", "a hash", since, since)]


@pytest.mark.parametrize("held", [[], [("tern point", "albany", "NY"), ("tern point", "", ""), ("qui%ll's", "", "NY")]])
def test_groups_keep_the_keys_that_people_know(servers: TestServers, held: list[tuple[str, str, str]]) -> None:
    url = a_database(servers, "matcher")
    back("matcher", url, "0002")
    for employer, city, state in held:
        rows(
            url,
            """
            INSERT INTO postings
                (posting_id, version, source, source_posting_id, title, employer_name, role_family, urgency,
                 first_seen_on, last_seen_on, employer_key, city_key, state_key, outcome, reason, candidates,
                 decision_no)
            VALUES (gen_random_uuid(), 1, 'board', 'P1', 'MDS', 'x', 'qm', 1, '2026-07-01', '2026-07-01',
                    %s, %s, %s, 'queued', 'unknown_name', '[]', 1)
            """,
            employer,
            city,
            state,
        )

    migrate("matcher", url)

    found = rows(url, "SELECT employer_key, city_key, state_key, group_key FROM postings")
    assert sorted(found) == sorted((*group, key_of_group(Group(*group))) for group in held)
