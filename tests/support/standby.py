"""How does a second PostgreSQL follow the first one, and take its place?"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from cli.stack import embedded
from cli.stack.children import Program
from cli.stack.processes import free_port

SYNCHRONOUS = ("synchronous_standby_names='*'", "synchronous_commit=on")
"""A commit waits until the standby has it on its disk, so that a promoted standby lacks nothing."""


def allow_replication(primary: embedded.Postgres) -> None:
    """Before the first start: `all` databases of the rules are not the replication."""
    with (primary.data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host replication {embedded.SUPERUSER} 127.0.0.1/32 scram-sha-256\n")


def copy(primary: embedded.Postgres, url: str, data: Path) -> embedded.Postgres:
    """A copy of a running primary, which follows it once it is started."""
    standby = replace(primary, data=embedded._empty_folder(data, primary.account))
    command = (primary.binary("pg_basebackup"), "-d", url, "-D", str(data), "-R", "-X", "stream", "-c", "fast", "-N")
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    program = Program("copy", command, data.with_name("log"), environment, Path("/"), primary.account)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **program.options())
    return standby


def wait_for_the_standby(url: str) -> None:
    """From the moment on at which the standby follows, commits on the primary wait for it."""
    with psycopg.connect(url, autocommit=True) as admin:
        for setting in SYNCHRONOUS:
            admin.execute(f"ALTER SYSTEM SET {setting}".encode())
        admin.execute("SELECT pg_reload_conf()")


def wait_for_no_standby(url: str) -> None:
    """After a promotion, until the next standby follows."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
        admin.execute("SELECT pg_reload_conf()")


def promote(url: str) -> None:
    """Let the standby accept writes; returns when it does."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_promote(wait => true)")


@dataclass(frozen=True)
class Pair:
    """A primary and its standby, which both answer."""

    primary: str
    standby: str

    def url(self, role: str, password: str, database: str) -> str:
        """Both hosts in one URL: whichever accepts writes."""
        ports = ",".join(url.rpartition(":")[2].partition("/")[0] for url in (self.primary, self.standby))
        return (
            f"postgresql://{role}:{password}@/{database}?host=127.0.0.1,127.0.0.1&port={ports}"
            "&target_session_attrs=read-write"
        )


@contextmanager
def pair(home: Path) -> Iterator[tuple[Pair, ExitStack]]:
    """A pair on its own data; the stack that is yielded ends the primary."""
    password, ports = embedded.new_password(), (free_port(), free_port())
    urls = [embedded.postgres_url(port, password) for port in ports]
    primary = embedded.prepare_postgres(home, "primary")
    embedded.initialize(primary, password, durable=False)
    allow_replication(primary)
    with ExitStack() as stack, ExitStack() as first:
        first.enter_context(started(primary, ports[0], urls[0], home))
        second = copy(primary, urls[0], primary.data.with_name("standby"))
        stack.enter_context(started(second, ports[1], urls[1], home))
        wait_for_the_standby(urls[0])
        yield Pair(*urls), first


@contextmanager
def started(postgres: embedded.Postgres, port: int, url: str, home: Path, *settings: str) -> Iterator[None]:
    """A server with these settings (`max_connections=620`) instead of those that it would have."""
    log = home / "logs" / str(port)
    program = embedded.postgres_program(postgres, port, log, durable=False)
    options = [word for setting in settings for word in ("-c", setting)]
    with embedded._running(replace(program, command=(*program.command, *options))):
        embedded._await(lambda: embedded.postgres_answers(url), log)
        yield
