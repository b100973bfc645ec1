"""Where do the benchmarks run, and how is their work counted?

Real servers on disk (fsync on), emptied before every run. Work is counted in the stream that it ends in; time and CPU
are read at the first and at the last count, so that no process's start is part of a figure.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import nats
import psutil
import psycopg
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from psycopg import sql

from cli.provision.setup import ensure_database, migrate, prepare_streams
from cli.stack import embedded
from shared.contracts import topology

T = TypeVar("T")

PASSWORD = "of-a-benchmark"  # invented; the servers are gone after the run
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 120.0
STILL_SECONDS = 1.0


@dataclass(frozen=True)
class World:
    """Both servers, and what a benchmark needs of them."""

    servers: embedded.Servers
    client: Client

    def service_url(self, service: str) -> str:
        return embedded.postgres_url(self.servers.postgres_port, PASSWORD, service, service)

    def nats_url(self, user: str) -> str:
        return self.servers.nats_url(user if user in self.servers.nats_passwords else "setup")

    async def clean(self, *services: str) -> None:
        """Empty streams, and a fresh database for each of the services."""
        for service in topology.SERVICES:
            with suppress(NotFoundError):
                await self.client.jetstream().delete_stream(topology.stream_of(service))
        await prepare_streams(self.servers.nats_url("setup"), lambda _: None)
        for service in services:
            await asyncio.to_thread(self._fresh_database, service)

    def _fresh_database(self, service: str) -> None:
        with psycopg.connect(self.servers.database_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(service)))
        ensure_database(self.servers.database_url, self.service_url(service))
        migrate(service, self.service_url(service))
        with psycopg.connect(self.servers.database_url, autocommit=True) as admin:
            admin.execute("CHECKPOINT")  # so that one run does not pay for the writes of another

    async def count(self, stream: str) -> int:
        return (await self.client.jetstream().stream_info(stream)).state.messages

    async def reached(self, stream: str, wanted: int) -> int:
        """Wait until a stream has this many messages; returns how many it has then."""
        deadline = time.monotonic() + PATIENCE
        while (found := await self.count(stream)) < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{stream} holds {found} of {wanted} messages after {PATIENCE:.0f} s")
            await asyncio.sleep(0.01)
        return found


async def drained(world: World) -> float:
    """Wait until nothing has moved for a while in any stream or consumer; returns when it last did, as `monotonic`.

    From outside, since of several replicas only one answers, and knows nothing of what the others have published.
    """
    last, moved = None, time.monotonic()
    while time.monotonic() - moved < STILL_SECONDS:
        now = [await _progress(world, topology.stream_of(service)) for service in topology.SERVICES]
        if now != last or any(lag for _, lags in now for lag in lags):
            last, moved = now, time.monotonic()
        await asyncio.sleep(0.01)
    return moved


async def _progress(world: World, stream: str) -> tuple[int, list[int]]:
    """The last message of a stream, and how many messages each consumer has not received or acknowledged."""
    js = world.client.jetstream()
    lags = [(c.num_pending or 0) + (c.num_ack_pending or 0) for c in await js.consumers_info(stream)]
    return (await js.stream_info(stream)).state.last_seq, lags


@dataclass(frozen=True)
class Cpu:
    """Seconds of CPU, by whom they were spent."""

    python: float
    nats: float
    postgres: float

    def per_event(self, earlier: Cpu, events: int) -> dict[str, float]:
        """Microseconds per event since an earlier reading."""
        return {
            f"cpu_{name}_us": round((getattr(self, name) - getattr(earlier, name)) / events * 1e6, 1)
            for name in ("python", "nats", "postgres")
        }


def cpu_of(processes: Sequence[subprocess.Popen[str]]) -> Cpu:
    """The CPU of these processes and of the servers, which are this process's other children."""
    python = sum(_seconds(psutil.Process(process.pid)) for process in processes)
    servers = {child.name(): child for child in psutil.Process().children()}
    nats = sum(_seconds(child) for name, child in servers.items() if name.startswith("nats"))
    postgres = sum(_tree_seconds(child) for name, child in servers.items() if name.startswith("postgres"))
    return Cpu(python, nats, postgres)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _tree_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    living = 0.0
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            living += _seconds(child)
    return _seconds(process) + ended + living


@contextmanager
def process(module: str, python: str = sys.executable, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process of a benchmark, ended at the end."""
    variables = {**os.environ, "PIPELINE_LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore", **environment}
    with subprocess.Popen(
        [python, "-m", module], cwd=ROOT, env=variables, text=True, stdout=subprocess.DEVNULL
    ) as child:
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()


def service_environment(world: World, service: str) -> dict[str, str]:
    return {
        "PIPELINE_NATS_URL": world.nats_url(service),
        "PIPELINE_DATABASE_URL": world.service_url(service),
    }


@asynccontextmanager
async def world(nats_config: Path | None = None) -> AsyncIterator[World]:
    """Separate servers for one benchmark; durable, as in production."""
    config = {"nats_config": nats_config} if nats_config else {}
    with embedded.servers(durable=True, **config) as servers:
        client = await nats.connect(servers.nats_url("setup"), inbox_prefix="_INBOX_setup")
        try:
            yield World(servers, client)
        finally:
            await client.close()


async def rate(world: World, stream: str, total: int, processes: Sequence[subprocess.Popen[str]]) -> dict[str, float]:
    """Events per second and CPU per event, from the first count in the stream to the total."""
    begun = await world.reached(stream, 1)
    started, spent = time.monotonic(), cpu_of(processes)
    await world.reached(stream, total)
    seconds = time.monotonic() - started
    return {"per_second": round((total - begun) / seconds, 1), **cpu_of(processes).per_event(spent, total - begun)}
