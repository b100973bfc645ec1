"""What may analysts read of a service?

Each service states its views in `views.yaml`: a contract that outlives changes of its tables. They are in a schema of
their own, and have names, types and comments that stay. Who may read them can read no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import yaml
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from cli.stack.target import REPOSITORY

SCHEMA = "analytics"
ROLE = "analyst"
SECONDS, CONNECTIONS = 60, 10
"""How long a query of an analyst may take, and how many connections they may have in all."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its type, what it means, and the expression that it is."""

    name: str
    type: str
    about: str
    expression: str


@dataclass(frozen=True, slots=True)
class View:
    """A view: what it is, from which tables, and its columns."""

    name: str
    about: str
    tables: str
    condition: str
    columns: tuple[Column, ...]


def file_of(service: str) -> Path:
    return REPOSITORY / "services" / service / "views.yaml"


def views_of(service: str) -> list[View]:
    """The views of a service; one without a file has none."""
    file = file_of(service)
    return parsed(file.read_text(encoding="utf-8")) if file.is_file() else []


def parsed(text: str) -> list[View]:
    return [
        View(name, view["about"], view["from"], view.get("where", ""), tuple(_columns(view["columns"])))
        for name, view in yaml.safe_load(text).items()
    ]


def _columns(stated: dict[str, list[str]]) -> Iterable[Column]:
    for name, (kind, about, *expression) in stated.items():
        yield Column(name, kind, about, *expression or [name])


@contextmanager
def made_anew(database: psycopg.Connection[Any], service: str, revisions: Iterable[str | None]) -> Iterator[None]:
    """Drop the views before the body, and make them after it, if they or the tables beneath are to change."""
    wanted = version_of(service, revisions)
    stated = database.execute(STATED, [SCHEMA]).fetchone()
    if stated and stated[0] == wanted:
        yield
        return
    views = views_of(service)
    database.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE".encode())
    yield
    if views:
        database.execute(statements(views, wanted).encode())


def statements(views: Iterable[View], version: str) -> str:
    """What creates the schema with its views."""
    made = [f"CREATE SCHEMA {SCHEMA}", f"COMMENT ON SCHEMA {SCHEMA} IS {_quoted(version)}"]
    for view in views:
        made.append(_creating(view))
        made.append(f"COMMENT ON VIEW {SCHEMA}.{view.name} IS {_quoted(view.about)}")
        made += [
            f"COMMENT ON COLUMN {SCHEMA}.{view.name}.{column.name} IS {_quoted(column.about)}"
            for column in view.columns
        ]
    return ";\n".join(made)


def _creating(view: View) -> str:
    chosen = ",\n    ".join(f"({each.expression})::{each.type} AS {each.name}" for each in view.columns)
    condition = f"\nWHERE {view.condition}" if view.condition else ""
    return f"CREATE VIEW {SCHEMA}.{view.name} AS\nSELECT\n    {chosen}\nFROM {view.tables}{condition}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def version_of(service: str, revisions: Iterable[str | None]) -> str:
    """Changes with the views and with the tables beneath, so that views are made anew only then."""
    parts = [_creating(view) + repr(view) for view in views_of(service)]
    digest = sha256("\n".join([*parts, *map(str, revisions)]).encode()).hexdigest()
    return f"Read-only views for analysts, made by set-up; version {digest[:12]}"


STATED = """
    SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s
"""
HAS_ROLE = "SELECT 1 FROM pg_roles WHERE rolname = %s"


def ensure_role(admin_url: str, service_urls: Iterable[str], password: str | None) -> None:
    """Let analysts in with this password; without one, keep them out."""
    role = sql.Identifier(ROLE)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        there = admin.execute(HAS_ROLE, [ROLE]).fetchone()
        if not password:
            if there:
                admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(role))
            return
        if not there:
            admin.execute(sql.SQL("CREATE ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT").format(role))
        # As for services, the server never sees the password, which it could log.
        verifier = admin.pgconn.encrypt_password(password.encode(), ROLE.encode(), b"scram-sha-256").decode()
        for change in (
            sql.SQL("LOGIN CONNECTION LIMIT {} PASSWORD {}").format(CONNECTIONS, sql.Literal(verifier)),
            sql.SQL("SET default_transaction_read_only = on"),
            sql.SQL("SET statement_timeout = {}").format(sql.Literal(f"{SECONDS}s")),
            sql.SQL("SET idle_in_transaction_session_timeout = {}").format(sql.Literal(f"{SECONDS}s")),
            sql.SQL("SET search_path = {}").format(sql.Identifier(SCHEMA)),
        ):
            admin.execute(sql.SQL("ALTER ROLE {} ").format(role) + change)
    for url in service_urls:
        _close_by_ways(admin_url, conninfo_to_dict(url))


WAYS = """
    SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure) AS revoked,
        format('GRANT EXECUTE ON FUNCTION %s TO {}', oid::regprocedure) AS granted
    FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
        AND (proname LIKE 'lo\\_%' OR proname LIKE 'pg\\_%advisory%')
"""


def _close_by_ways(admin_url: str, service: Mapping[str, object]) -> None:
    """Large objects and locks are open to every role that connects; here only to the service."""
    database, owner = str(service["dbname"]), sql.Identifier(str(service["user"]))
    with psycopg.connect(admin_url, dbname=database) as admin:
        row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if not (row and row[0]):
            return  # only the superuser owns them
        for revoked, granted in admin.execute(WAYS).fetchall():
            admin.execute(sql.SQL(revoked))
            admin.execute(sql.SQL(granted).format(owner))


def let_analysts_read(database: psycopg.Connection[Any]) -> None:
    """Let the role read the views of this database, if both are there."""
    if not database.execute(HAS_ROLE, [ROLE]).fetchone() or not database.execute(STATED, [SCHEMA]).fetchone():
        return
    role, schema = sql.Identifier(ROLE), sql.Identifier(SCHEMA)
    name = sql.Identifier(database.info.dbname)
    database.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, role))
    database.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
    database.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, role))
