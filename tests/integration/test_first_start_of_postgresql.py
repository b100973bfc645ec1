"""Does PostgreSQL in its container create a role and a database for every service, without access to others?"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from cli.stack import embedded
from cli.stack.binaries import postgres_installation
from cli.stack.target import REPOSITORY

SCRIPT = REPOSITORY / "deploy" / "postgres" / "10-databases.sql"
PASSWORDS = {"alpha": "of alpha's own", "beta": "sb2"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server on which the script ran, with secrets as in containers."""
    secrets = tmp_path_factory.mktemp("secrets")
    for name, password in PASSWORDS.items():
        (secrets / f"{name}_database_password").write_text(password)
    script = SCRIPT.read_text().replace("/run/secrets", str(secrets))
    with embedded.servers(durable=False) as running:
        command = [
            str(postgres_installation() / "bin" / "psql"),
            "--no-psqlrc",
            "--quiet",
            "--file=-",
            running.database_url,
        ]
        subprocess.run(command, input=script, text=True, check=True)
        yield running.postgres_port


def url(port: int, role: str, database: str) -> str:
    return psycopg.conninfo.make_conninfo(
        host="127.0.0.1", port=port, user=role, password=PASSWORDS[role], dbname=database
    )


@pytest.mark.parametrize("service", PASSWORDS)
def test_a_service_can_create_tables_in_its_own_database(port: int, service: str) -> None:
    with psycopg.connect(url(port, service, service)) as connection:
        connection.execute("CREATE TABLE public.own (id integer)")


def test_a_service_cannot_connect_to_the_database_of_another(port: int) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url(port, "alpha", "beta"))
