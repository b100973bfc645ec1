"""Is nothing lost when the disk of NATS is full?"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from cli.stack import embedded
from cli.stack.children import Program, spawn
from cli.stack.processes import free_port
from shared.storage import outbox
from tests.benchmarks.feed import matched
from tests.integration.test_healing import messages, operator, until
from tests.integration.test_kernel import a_posting
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

PASSWORD = "of-a-test"
EVENTS = 2_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may make a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def running_program(program: Program, monitor: int) -> Iterator[subprocess.Popen[bytes]]:
    """The server, after it became healthy."""
    with spawn(program) as server:
        try:
            for _ in range(500):
                if embedded.answers(embedded.nats_health_url(monitor)):
                    break
                time.sleep(0.02)
            yield server
        finally:
            server.terminate()


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    return filler


async def waiting(service: Running) -> int:
    async with service.app.begin() as tx:
        return await outbox.backlog(tx)


async def test_a_full_disk_delays_publication_and_loses_nothing(servers: TestServers, disk: Path) -> None:
    port, monitor = free_port(), free_port()
    passwords = dict.fromkeys(embedded.NATS_USERS, PASSWORD)
    program = embedded.nats_program(disk / "nats", port, monitor, passwords, disk.parent / "log")
    on_the_disk = TestServers({u: f"nats://{u}:{PASSWORD}@127.0.0.1:{port}" for u in passwords}, servers.database_url)
    with ExitStack() as machines:
        first = machines.enter_context(running_program(program, monitor))
        async with run_service("matcher", on_the_disk, probe()) as service:
            filler = fill(disk)
            async with service.app.begin() as tx:
                tx.emit(*(matched(a_posting(n)) for n in range(EVENTS)))
            delayed = await waiting(service)

            # NATS does not write to a stream after its disk was full, until NATS is restarted.
            filler.unlink()
            first.terminate()
            first.wait()
            machines.enter_context(running_program(program, monitor))
            await until(lambda: none_waiting(service), 30)
            async with operator(on_the_disk) as stream:
                stored = await messages(stream, "MATCHER")

    assert delayed > 0
    assert stored >= EVENTS


async def none_waiting(service: Running) -> bool:
    return not await waiting(service)
