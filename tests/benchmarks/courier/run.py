"""`make bench-courier`: how fast do webhooks get events, beside a bare loop of httpx that sends the same requests?

The receiver is a process of its own on this machine. The courier runs as in production, with its log, ledger and queue
on real servers; the loop sends the same bodies with the same signatures over as many connections, and keeps no record.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg

from cli.stack.mail import listens
from cli.stack.processes import free_port
from services.courier.settings import AT_ONCE
from shared.contracts.cloudevents import STRUCTURED, encoded, structured
from shared.contracts.envelope import seal
from shared.contracts.events import ScoreChanged
from shared.messaging.broker import connect
from shared.outbound import webhooks
from tests.benchmarks.world import World, cpu_of, process, service_environment, world
from tests.support.sequencing import scored

KEY = "k" * 48
LIMITS = {"rate beside httpx": 0.5, "slowed by a dead receiver": 0.1, "memory, MB": 300.0, "latency p50, ms": 50.0}
PATIENCE = 1_800.0
Figures = dict[str, Any]


class Receiving:
    """The receiver, seen from outside."""

    def __init__(self, port: int, dead_port: int) -> None:
        self.port, self.dead_port = port, dead_port
        self._client = httpx.AsyncClient()

    @property
    def allowed(self) -> str:
        return f"127.0.0.1:{self.port},127.0.0.1:{self.dead_port}"

    async def state(self) -> dict[str, float]:
        found: dict[str, float] = (await self._client.get(f"http://127.0.0.1:{self.port}/")).json()
        return found

    async def reached(self, wanted: float, every: float = 0.1) -> dict[str, float]:
        deadline = time.monotonic() + PATIENCE
        while (found := await self.state())["count"] < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{found['count']} of {wanted} deliveries after {PATIENCE:.0f} s")
            await asyncio.sleep(every)
        return found

    async def close(self) -> None:
        await self._client.aclose()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiving]:
    port, dead_port = free_port(), free_port()
    with process("tests.benchmarks.courier.receiver", PORT=str(port), DEAD_PORT=str(dead_port)):
        while not listens(port):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.05)
        found = Receiving(port, dead_port)
        try:
            yield found
        finally:
            await found.close()


def event(number: int) -> ScoreChanged:
    return scored(f"335{number:03}", 1, "58.0", version=number + 1)


async def prepare(servers: World, to: Receiving, hooks: int, events: int, *, dead: bool) -> None:
    """A fresh courier whose log has events that each webhook is still to get."""
    await servers.clean("courier")
    urls = [(f"hook-{number:03}", f"http://127.0.0.1:{to.port}/{number}") for number in range(hooks)]
    urls += [("dead", f"http://127.0.0.1:{to.dead_port}/")] if dead else []
    logged = [(uuid4(), f"335{n:03}", datetime.now(UTC), event(n).model_dump_json()) for n in range(events)]
    async with await psycopg.AsyncConnection.connect(servers.service_url("courier")) as connection:
        cursor = connection.cursor()
        await cursor.executemany(
            "INSERT INTO log (event_id, type, source, key, facility_id, at, trace, data)"
            " VALUES (%s, 'score.changed', 'scorer', %s, %s, %s, '', %s)",
            [(event_id, key, key, at, data) for event_id, key, at, data in logged],
        )
        await cursor.executemany(
            "INSERT INTO webhooks (name, url, types, patterns, ordered, personal, added_by, added_at, position, nonce)"
            " VALUES (%s, %s, '{score.changed}', '{score.changed}', false, false, 'bench', now(), 0, %s)",
            [(name, url, uuid4()) for name, url in urls],
        )
        await cursor.execute(
            "INSERT INTO work (kind, key, payload, due_at) SELECT 'webhook', name, '{}', now() FROM webhooks"
        )


async def deliveries(servers: World, hooks: int, events: int, *, dead: bool = False) -> Figures:
    """Deliveries per second, from the first to the last."""
    async with receiving() as to:
        await prepare(servers, to, hooks, events, dead=dead)
        with courier(servers, to) as running:
            first = await to.reached(1, 0.02)
            began, spent = time.monotonic(), cpu_of([running])
            last = await to.reached(hooks * events)
            seconds, sent = last["last"] - began, hooks * events - first["count"]
            figures = {
                "per_second": round(sent / seconds, 1),
                **cpu_of([running]).per_event(spent, int(sent)),
                "rss_mb": peak(running.pid),
            }
            await recorded(servers, hooks * events)
    return figures


async def recorded(servers: World, wanted: int) -> None:
    """Wait until the ledger has every delivery once."""
    async with await psycopg.AsyncConnection.connect(servers.service_url("courier"), autocommit=True) as connection:
        async with asyncio.timeout(60):
            while True:
                cursor = await connection.execute("SELECT count(*) FROM deliveries WHERE state = 'delivered'")
                if (await cursor.fetchone() or (0,))[0] == wanted:
                    return
                await asyncio.sleep(0.1)


def courier(servers: World, to: Receiving) -> Any:
    variables = service_environment(servers, "courier")
    return process(
        "services.courier",
        **variables,
        PIPELINE_OUTBOUND_ALLOW=to.allowed,
        PIPELINE_COURIER_SECRET_KEY=KEY,
    )


async def bare_loop(total: int, different: int) -> float:
    """Requests per second of httpx with the same bodies, signatures and connections."""
    secret = webhooks.new_secret()
    rows = [(uuid4(), f"335{n:03}", json.loads(event(n).model_dump_json())) for n in range(different)]
    async with receiving() as to:
        numbers = iter(range(total))
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(limits=limits) as client:

            async def send(left: Iterator[int]) -> None:
                for number in left:
                    event_id, key, data = rows[number % different]
                    body = body_of(event_id, key, data, number)
                    signed = webhooks.headers(str(event_id), datetime.now(UTC), body, secret)
                    url = f"http://127.0.0.1:{to.port}/{number % 200}"
                    sent = await client.post(url, content=body, headers={"content-type": STRUCTURED, **dict(signed)})
                    assert sent.status_code == 204

            began = time.monotonic()
            await asyncio.gather(*(send(numbers) for _ in range(AT_ONCE)))
            return total / (time.monotonic() - began)


def body_of(event_id: UUID, key: str, data: Any, number: int) -> bytes:
    return encoded(
        structured("score.changed", event_id, "scorer", datetime.now(UTC), key, data, "", cursor=str(number + 1))
    )


async def latency(servers: World, events: int) -> list[float]:
    """Milliseconds from the publication of an event until it is received, one event at a time."""
    found = []
    async with receiving() as to:
        await prepare(servers, to, 1, 1, dead=False)
        with courier(servers, to):
            await to.reached(1)
            broker = await connect(servers.nats_url("scorer"), "scorer")
            try:
                for number in count(1):
                    await asyncio.sleep(0.2)
                    began = time.monotonic()
                    await broker.publish([seal(event(number), "scorer", datetime.now(UTC))])
                    found.append(1_000 * ((await to.reached(number + 1, 0.005))["last"] - began))
                    if number == events:
                        return found[events // 10 :]  # the first ones warm up
            finally:
                await broker.close()
    raise AssertionError


def peak(pid: int) -> float:
    """The most memory that a process had so far, in MB."""
    stated = Path(f"/proc/{pid}/status")
    if not stated.exists():
        return round(psutil.Process(pid).memory_info().rss / 1e6, 1)
    line = next(line for line in stated.read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) * 1024 / 1e6, 1)


async def measure(asked: argparse.Namespace) -> Figures:
    part = max(1, asked.events // 10)
    async with world() as servers:
        ours = await deliveries(servers, asked.webhooks, asked.events)
        show("courier", ours)
        peer = await bare_loop(min(20_000, asked.webhooks * asked.events), asked.events)
        show("httpx", {"per_second": round(peer, 1)})
        pairs = []
        for _ in range(asked.repeats):
            alone = (await deliveries(servers, asked.webhooks, part))["per_second"]
            beside = (await deliveries(servers, asked.webhooks, part, dead=True))["per_second"]
            pairs.append(1 - beside / alone)
            show("with a dead one", {"alone": alone, "beside": beside})
        times = await latency(servers, asked.latencies)
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)},
        "deliveries": asked.webhooks * asked.events,
        "courier": ours,
        "httpx_per_second": round(peer, 1),
        "rate beside httpx": round(ours["per_second"] / peer, 2),
        "slowed by a dead receiver": round(median(pairs), 3),
        "memory, MB": ours["rss_mb"],
        "latency p50, ms": round(median(times), 1),
        "latency p95, ms": round(sorted(times)[int(0.95 * len(times))], 1),
    }


def show(name: str, figures: Figures) -> None:
    print(f"{name:16}" + "  ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


def judge(found: Figures) -> None:
    """Prints what holds; ends with an error if anything does not."""
    failed = False
    for what, limit in LIMITS.items():
        least = what == "rate beside httpx"
        holds = found[what] >= limit if least else found[what] <= limit
        failed |= not holds
        print(f"{'holds' if holds else 'FAILS'}  {what}: {found[what]:g}, at {'least' if least else 'most'} {limit:g}")
    if failed:
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-courier", description=__doc__)
    parser.add_argument("--webhooks", type=int, default=200)
    parser.add_argument("--events", type=int, default=500, help="that each of them gets")
    parser.add_argument("--latencies", type=int, default=100, help="events that are sent one at a time")
    parser.add_argument("--repeats", type=int, default=3, help="runs with and without a dead receiver")
    parser.add_argument("--json", type=Path, help="where the results are written")
    asked = parser.parse_args()
    found = asyncio.run(measure(asked))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    judge(found)


if __name__ == "__main__":
    main()
