"""How are permanent refusals of PostgreSQL (limits) and temporary ones (unavailable, read-only, full) handled?"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from shared.contracts.ingest import AddSource
from shared.contracts.kernel import DeadLetters
from shared.contracts.refusals import AskFailed
from tests.integration.test_full_disk import fill
from tests.integration.test_healing import until
from tests.integration.test_kernel import http, ids, noted, sealed
from tests.support.keys import a_key
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


async def administer_database(servers: TestServers, url: str, what: str) -> None:
    """Change the settings of a service's database, and end the sessions with the old ones."""
    database = url.rsplit("/", 1)[1]
    async with await psycopg.AsyncConnection.connect(servers.database_url, autocommit=True) as admin:
        await admin.execute(sql.SQL("ALTER DATABASE {} {}").format(sql.Identifier(database), sql.SQL(what)))
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))


async def read_only(servers: TestServers, service: Running) -> None:
    await administer_database(servers, service.url, "SET default_transaction_read_only = on")


async def writable(servers: TestServers, service: Running) -> None:
    await administer_database(servers, service.url, "RESET default_transaction_read_only")


async def problems(service: Running) -> str:
    return "; ".join(await service.app.health.problems())


async def is_noted(service: Running, expected: list[str]) -> bool:
    return await noted(service) == expected


async def test_an_event_with_a_text_too_long_for_an_index_is_dead_lettered_and_the_others_are_processed(
    service: Running,
) -> None:
    events = [sealed(n, "too long to index" if n == 7 else "MDS Coordinator") for n in range(20)]

    await service.publish("ingest", events)
    await until(lambda: is_dead_lettered(service), 20)
    await service.idle()

    (letter,) = await service.ask(DeadLetters())
    assert letter.event_id == str(events[7].event_id)
    assert "index row requires" in letter.error
    assert await noted(service) == ids(*(n for n in range(20) if n != 7))
    assert await problems(service) == ""


async def is_dead_lettered(service: Running) -> bool:
    return len(await service.ask(DeadLetters())) == 1


async def test_a_question_with_a_text_too_long_for_an_index_is_refused_permanently(
    service: Running,
) -> None:
    with pytest.raises(AskFailed, match=r"cannot be stored: index row requires") as failed:
        await service.ask("index", {"length": 20_000})

    assert failed.value.code == 422


async def test_the_service_waits_for_a_read_only_database_and_reports_that_it_is_not_ready(
    servers: TestServers, service: Running
) -> None:
    await read_only(servers, service)
    await service.publish("ingest", [sealed(1)])
    await until(lambda: reports(service, "matcher-posting-seen: events wait for PostgreSQL"), 15)

    status, body = await http(service, "/readyz")
    await asyncio.sleep(1)
    unharmed = [task.done() for task in asyncio.all_tasks() if task.get_name() in LOOPS]
    await writable(servers, service)
    await until(lambda: is_noted(service, ids(1)), 15)
    await service.idle()

    assert (status, "25006" in body) == (503, True)
    assert len(unharmed) == len(LOOPS)
    assert not any(unharmed)
    assert await service.ask(DeadLetters()) == []
    await until(lambda: reports(service, ""), 15)


LOOPS = ("matcher-posting-seen", "sweep", "watch", "measure", "prune")


async def reports(service: Running, what: str) -> bool:
    found = await problems(service)
    return what in found if what else not found


async def test_a_question_is_refused_temporarily_while_the_database_is_read_only(
    servers: TestServers, service: Running
) -> None:
    await read_only(servers, service)

    async def reply() -> tuple[int, str]:
        try:
            return 200, str(await service.ask("half", {"number": 2}))
        except AskFailed as failed:
            return failed.code, str(failed)

    refused = [await reply() for _ in range(5)]
    await writable(servers, service)

    assert {code for code, _ in refused} == {503}
    assert all("read-only" in message for _, message in refused)
    await until(lambda: replies(service), 15)


async def replies(service: Running) -> bool:
    try:
        return bool(await service.ask("half", {"number": 2}))
    except AskFailed:
        return False


async def test_http_gives_503_with_retry_after_while_the_database_is_read_only(
    servers: TestServers, ingest: Running
) -> None:
    key = await a_key(ingest.cli, AddSource, "board")
    await read_only(servers, ingest)

    status, headers, body = await submit(ingest, key)
    await writable(servers, ingest)

    assert (status, headers["retry-after"]) == (503, "5")
    assert "read-only" in body["message"]


async def submit(ingest: Running, key: str) -> tuple[int, Any, dict[str, Any]]:
    posting = {
        "source_posting_id": "1",
        "title": "MDS Coordinator",
        "employer_name": "Invented Nursing Home",
        "seen_at": "2026-07-01T08:00:00-04:00",
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{ingest.app.http_port}/postings"
        answer = await client.post(url, json=posting, headers={"X-API-Key": key})
    return answer.status_code, answer.headers, answer.json()


@pytest.fixture
async def small_disk(servers: TestServers) -> AsyncIterator[Path]:
    """A disk of one megabyte that PostgreSQL may write to."""
    place = Path(tempfile.mkdtemp(prefix="facility-pipeline-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        place.rmdir()
        pytest.skip("only root may make a small disk")
    async with await psycopg.AsyncConnection.connect(servers.database_url) as admin:
        owner = Path(f"/proc/{admin.info.backend_pid}").stat()
    os.chown(place, owner.st_uid, owner.st_gid)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
    place.rmdir()


@asynccontextmanager
async def on_the_disk(servers: TestServers, service: Running, disk: Path) -> AsyncIterator[None]:
    """Put the notes of the service on a separate disk."""
    (disk / "space").mkdir()
    os.chown(disk / "space", disk.stat().st_uid, disk.stat().st_gid)
    url = servers.database_url.rpartition("/")[0] + "/" + service.url.rpartition("/")[2]
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as admin:
        await admin.execute(f"CREATE TABLESPACE small LOCATION '{disk / 'space'}'".encode())
        await admin.execute("ALTER TABLE noted SET TABLESPACE small")
        try:
            yield
        finally:
            await admin.execute("ALTER TABLE noted SET TABLESPACE pg_default")
            await admin.execute("DROP TABLESPACE small")


async def test_the_service_waits_for_a_full_disk_of_postgresql_without_dead_letters(
    servers: TestServers, service: Running, small_disk: Path
) -> None:
    async with on_the_disk(servers, service, small_disk):
        filler = fill(small_disk)
        await service.publish("ingest", [sealed(n) for n in range(3)])
        await until(lambda: reports(service, "events wait for PostgreSQL"), 15)
        status, _ = await http(service, "/readyz")

        filler.unlink()
        await until(lambda: is_noted(service, ids(0, 1, 2)), 15)
        await service.idle()

    assert status == 503
    assert await service.ask(DeadLetters()) == []
