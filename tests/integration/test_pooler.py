"""Does a service work through a real PgBouncer that gives every transaction another session?"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cli.provision import connections
from cli.provision.setup import migrate
from cli.stack.mail import listens
from cli.stack.processes import free_port
from shared.contracts.events import FacilityMatched
from shared.contracts.kernel import DeadLetters, Status
from shared.contracts.topology import SERVICES
from shared.settings import pool_size
from tests.integration.test_kernel import a_posting, ids, noted, sealed
from tests.support.probe import probe
from tests.support.running import a_database, run_on
from tests.support.servers import PASSWORD, TestServers

pytestmark = pytest.mark.skipif(
    shutil.which("pgbouncer") is None, reason="PgBouncer is not installed (apt-get install pgbouncer)"
)
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {users}
pool_mode = transaction
default_pool_size = 4
server_round_robin = 1
max_client_conn = 200
"""


@pytest.fixture(scope="module")
def pooler(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a PgBouncer in transaction mode."""
    port, file = free_port(), tmp_path_factory.mktemp("pgbouncer") / "pgbouncer.ini"
    server = urlsplit(servers.database_url).port
    users = file.with_name("users.txt")
    users.write_text("".join(f'"{service}" "{PASSWORD}"\n' for service in SERVICES))
    file.write_text(CONFIGURATION.format(server=server, users=users, port=port))
    command = ["pgbouncer", "-q", str(file)]
    if os.geteuid() == 0:  # PgBouncer refuses to run as root
        readable(file)
        group = str(pwd.getpwnam("nobody").pw_gid)
        command = ["setpriv", "--reuid", "nobody", "--regid", group, "--clear-groups", *command]
    with subprocess.Popen(command) as process:
        try:
            until_it_listens(port)
            yield port
        finally:
            process.terminate()


def readable(file: Path) -> None:
    """Readable by every user, like the folders above it."""
    closed = [folder for folder in file.parents if folder.stat().st_mode & 0o005 != 0o005]
    for each in [file, *closed]:
        each.chmod(0o755)


def until_it_listens(port: int) -> None:
    for _ in range(200):
        if listens(port):
            return
        time.sleep(0.02)
    raise TimeoutError("PgBouncer does not listen")


def through(pooler: int, url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.username}:{PASSWORD}@127.0.0.1:{pooler}").geturl()


async def test_a_service_handles_replies_and_publishes_through_a_pooler_in_transaction_mode(
    servers: TestServers, pooler: int
) -> None:
    url = await asyncio.to_thread(a_database, servers, "matcher")

    async with run_on(through(pooler, url), "matcher", servers, probe(), batch=5) as service:
        await service.publish("ingest", [sealed(n, "poison" if n == 50 else "MDS Coordinator") for n in range(100)])
        await service.idle()
        halves = await asyncio.gather(*(service.ask("half", {"number": 2 * n}) for n in range(50)))
        await service.receive(a_posting(100))
        await service.app.maintain_partitions()
        await service.at("2026-07-02T06:00")
        letters = await service.ask(DeadLetters())
        published = len(await service.published(FacilityMatched))

        assert halves == list(range(50))
        assert len(letters) <= 1
        assert set(await noted(service)) >= set(ids(*(n for n in range(101) if n != 50)))
        assert published == 100
        assert (await service.ask(Status())).problems == []


async def test_setup_migrates_through_a_pooler_in_transaction_mode(servers: TestServers, pooler: int) -> None:
    url = await asyncio.to_thread(a_database, servers, "scorer")

    for _ in range(3):
        await asyncio.to_thread(migrate, "scorer", through(pooler, url))


def test_setup_states_how_many_connections_a_pooler_has_to_accept(servers: TestServers, pooler: int) -> None:
    url = through(pooler, a_database(servers, "scorer"))

    stated = connections.check({"scorer": url})

    assert stated.startswith(
        f"a pooler is in front of PostgreSQL; it has to accept {pool_size('scorer') + 1} connections"
    )
