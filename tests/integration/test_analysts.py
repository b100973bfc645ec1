"""What can the role of analysts read, and is it what the documentation states?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from cli.provision import views
from cli.provision.setup import prepare_databases
from cli.provision.views import ROLE, SCHEMA, View, ensure_role, views_of
from cli.stack.target import Target
from shared.contracts.topology import SERVICES
from tests.support.servers import PASSWORD, TestServers

WITH_VIEWS = [service for service in SERVICES if views_of(service)]
VIEWS = [(service, view) for service in WITH_VIEWS for view in views_of(service)]


@pytest.fixture(scope="module")
def target(servers: TestServers) -> Iterator[Target]:
    urls = {service: servers.service_url(service, f"{service}_analyzed") for service in SERVICES}
    prepared = Target("", servers.database_url, urls)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIPELINE_ANALYST_PASSWORD", PASSWORD)
        prepare_databases(prepared, lambda _: None)
        yield prepared
    ensure_role(servers.database_url, [], None)


def as_analyst(target: Target, service: str, user: str = ROLE) -> psycopg.Connection[tuple[object, ...]]:
    parts = urlsplit(target.service_urls[service])
    netloc = f"{user}:{PASSWORD}@{parts.hostname}:{parts.port}"
    return psycopg.connect(urlunsplit(parts._replace(netloc=netloc)), autocommit=True)


@pytest.mark.parametrize("service", WITH_VIEWS)
def test_an_analyst_reads_every_view_and_the_meaning_of_every_column(target: Target, service: str) -> None:
    with as_analyst(target, service) as analyst:
        for view in views_of(service):
            shown = analyst.execute(f"SELECT * FROM {view.name}".encode()).description or []
            assert [column.name for column in shown] == [column.name for column in view.columns]
        commented = analyst.execute(
            """
            SELECT table_name, column_name, col_description(format('%%I.%%I', table_schema, table_name)::regclass,
                ordinal_position), data_type
            FROM information_schema.columns WHERE table_schema = %s
            """,
            [SCHEMA],
        ).fetchall()
    stated = {(view.name, column.name): column.about for view in views_of(service) for column in view.columns}
    assert {(view, column): about for view, column, about, _ in commented} == stated


@pytest.mark.parametrize("service", SERVICES)
def test_an_analyst_can_read_no_table_and_no_other_schema(target: Target, service: str) -> None:
    with psycopg.connect(target.service_urls[service]) as owner:
        tables = owner.execute(
            """
            SELECT format('%%I.%%I', nspname, relname)
            FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                AND nspname NOT IN (%s, 'information_schema') AND nspname NOT LIKE 'pg\\_%%'
            """,
            [SCHEMA],
        ).fetchall()
    assert tables
    if service not in WITH_VIEWS:
        with pytest.raises(psycopg.OperationalError):
            as_analyst(target, service)
        return
    with as_analyst(target, service) as analyst:
        for (table,) in tables:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(f"SELECT * FROM {table}".encode())


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY leads TO '/tmp/leads'",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'a')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT pg_advisory_lock(72340172838076673)",
        "SELECT pg_try_advisory_xact_lock_shared(1, 2)",
        "SET ROLE sequencer",
        "SET SESSION AUTHORIZATION sequencer",
        "UPDATE accounts SET owner = 'me'",
        "DELETE FROM suppressions",
        "INSERT INTO accounts (facility_id) VALUES ('x')",
        "CREATE TABLE analytics.mine (x int)",
        "CREATE TEMPORARY TABLE mine (x int)",
        "CREATE VIEW public.mine AS SELECT 1",
        "CREATE FUNCTION analytics.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP VIEW leads",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER ROLE analyst SUPERUSER",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_reload_conf()",
    ],
)
def test_an_analyst_who_lifts_the_default_of_reading_only_still_changes_nothing(target: Target, attempt: str) -> None:
    with as_analyst(target, "sequencer") as analyst:
        analyst.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.Error) as refused:
            analyst.execute(attempt.encode())
    assert isinstance(refused.value, psycopg.errors.InsufficientPrivilege | psycopg.errors.ObjectNotInPrerequisiteState)


def test_queries_of_analysts_are_read_only_and_end_in_time(target: Target) -> None:
    with as_analyst(target, "sequencer") as analyst:
        shown = [
            (analyst.execute(f"SHOW {name}".encode()).fetchone() or [None])[0]
            for name in ("transaction_read_only", "statement_timeout", "search_path")
        ]
    assert shown == ["on", "1min", SCHEMA]


def test_services_still_lock_what_analysts_cannot(target: Target) -> None:
    with psycopg.connect(target.service_urls["sequencer"]) as service:
        assert service.execute("SELECT pg_advisory_xact_lock(1), lo_create(0)").fetchone()


def test_without_a_password_analysts_are_locked_out(target: Target, servers: TestServers) -> None:
    ensure_role(servers.database_url, [], None)
    try:
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            as_analyst(target, "sequencer")
    finally:
        ensure_role(servers.database_url, target.service_urls.values(), PASSWORD)


def test_views_stay_as_they_are_until_they_or_their_tables_change(target: Target, servers: TestServers) -> None:
    def made() -> object:
        with psycopg.connect(target.service_urls["scorer"]) as owner:
            return owner.execute("SELECT oid FROM pg_namespace WHERE nspname = %s", [SCHEMA]).fetchone()

    before = made()
    prepare_databases(target, lambda _: None)
    assert made() == before
    with psycopg.connect(target.service_urls["scorer"]) as owner:
        owner.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'an older version'".encode())
    prepare_databases(target, lambda _: None)
    assert made() != before
    with as_analyst(target, "scorer") as analyst:
        analyst.execute("SELECT * FROM scores")


PERSONAL = re.compile(
    r"""\b(person|email|to_email|from_email|to_name|from_name|phone|direct_phone|address|body|subject|note|text|raw
    |value\b.*\bwrong|target|marks|url|actor|\w+_by|contacts|departures|contact_merges|wrong_details|notes|reps
    |originals|out_of_office|engagements|imports|import_changes)\b""",
    re.X,
)
ALLOWED = {"(body IS NOT NULL)": "states only whether there is a text"}


@pytest.mark.parametrize("service, view", VIEWS, ids=[f"{service}-{view.name}" for service, view in VIEWS])
def test_no_view_has_data_of_a_person(service: str, view: View) -> None:
    for column in view.columns:
        assert not PERSONAL.search(column.name), column
        if f"({column.expression})" not in ALLOWED:
            assert not PERSONAL.search(column.expression), column
    assert not PERSONAL.search(f"{view.tables} {view.condition}"), view.tables


def test_a_quote_in_a_meaning_stays_in_the_comment() -> None:
    (view,) = views.parsed("v: {about: It's one., from: t, columns: {a: [text, It's a.]}}")
    assert "COMMENT ON COLUMN analytics.v.a IS 'It''s a.'" in views.statements([view], "1")
