"""`make watch-test`: does each alert fire for its real cause, in a real Prometheus and Alertmanager, and end with it?

One service runs on a real NATS and PostgreSQL; everything that an operator is woken for is done to it. Sixty times as
fast: all durations of the rules are divided by sixty, and nothing else is changed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import nats
import psycopg
import structlog
import yaml

from cli.generate.dashboard import PANELS
from cli.stack.processes import free_port
from shared.contracts.events import FacilityMatched, PostingSeen
from shared.contracts.kernel import DeadLetters, DiscardDeadLetter
from shared.messaging.streams import stream_config
from shared.messaging.tls import expires
from shared.metrics import CERTIFICATE
from shared.service import Router, Service
from shared.storage import work
from shared.storage.database import Tx
from shared.storage.work import NewItem
from shared.work import Attempt, Worker
from tests.integration.test_kernel import sealed
from tests.support.proxy import Proxy
from tests.support.running import Running, a_database, drop_database, run_on
from tests.support.servers import TestServers, test_servers

RULES: Final = Path(__file__).parents[2] / "deploy" / "watching"
FASTER: Final = 60
NAME: Final = "matcher"
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class State:
    """What is wrong with the service now."""

    warning = ""
    fails = False
    open = asyncio.Event()
    """Calls wait for it."""


def faster(text: str) -> str:
    """Rules whose durations are divided by `FASTER`, and whose `N * 60` seconds are, too."""

    def shorter(found: re.Match[str]) -> str:
        return f"{max(1, int(found[1]) * _SECONDS[found[2]] // FASTER)}s"

    text = re.sub(r"(?<=[\[ :])(\d+)([smhd])(?=[\]:\n])", shorter, text)
    text = re.sub(r"(\d+) \* 60\b", lambda found: f"{int(found[1]) * 60 // FASTER}", text)
    return text.replace('le="60.0"', 'le="1.0"')


class Outside(Worker):
    """Calls that fail, or take long, while they should."""

    async def call(self, attempt: Attempt) -> Any:
        await State.open.wait()
        if State.fails:
            raise ConnectionError("refused")


def service() -> Service:
    router = Router()

    @router.events(PostingSeen)
    async def handle(events: list[PostingSeen], tx: Tx) -> None:
        for each in events:
            if each.title == "fail":
                raise ValueError("it cannot be handled")
            if each.title == "emit":
                tx.emit(FacilityMatched(facility_id=f"{each.posting_id}", role_family="qm", version=1, signals=()))

    async def warn(tx: Tx) -> list[str]:
        return [State.warning] if State.warning else []

    router.worker("call", parallel=1, lease=timedelta(minutes=5), delays=(1.0,), endless=True)(Outside)
    return Service.of(NAME, router, warn=warn)


class Watch:
    """A Prometheus that reads one service, and the Alertmanager that it tells."""

    def __init__(self, folder: Path, target: int) -> None:
        self.folder, self.alertmanager, self.prometheus = folder, free_port(), free_port()
        (folder / "rules.yaml").write_text(faster((RULES / "rules.yaml").read_text()))
        manager = yaml.safe_load((RULES / "alertmanager.yaml").read_text())
        (folder / "alertmanager.yaml").write_text(yaml.safe_dump(manager))
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{self.alertmanager}"]}]}]},
            "scrape_configs": [{"job_name": NAME, "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
        }
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
        self.fired: dict[str, float] = {}
        self.ended: dict[str, float] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Watch]:
        commands = (
            ["prometheus-alertmanager", "--config.file=alertmanager.yaml", "--storage.path=alertmanager",
             f"--web.listen-address=127.0.0.1:{self.alertmanager}", "--cluster.listen-address="],
            ["prometheus", "--config.file=prometheus.yaml", "--storage.tsdb.path=prometheus",
             f"--web.listen-address=127.0.0.1:{self.prometheus}", "--rules.alert.resend-delay=1s"],
        )  # fmt: skip
        processes = [
            subprocess.Popen(each, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for each in commands
        ]
        try:
            await self._until(lambda: self._is_up(), "Prometheus and Alertmanager respond", 30)
            yield self
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()

    def _is_up(self) -> bool:
        ports = (self.prometheus, self.alertmanager)
        return all(_get(f"http://127.0.0.1:{port}/-/ready") is not None for port in ports)

    async def _until(self, holds: Callable[[], bool], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not await asyncio.to_thread(holds):
            if time.monotonic() > end:
                raise TimeoutError(f"not after {seconds:.0f} s: {what}")
            await asyncio.sleep(0.5)

    def active(self) -> set[str]:
        """The alerts that Alertmanager has now."""
        found = json.loads(_get(f"http://127.0.0.1:{self.alertmanager}/api/v2/alerts?active=true") or b"[]")
        return {each["labels"]["alertname"] for each in found}

    async def during(
        self, alerts: Sequence[str], cause: Callable[[], Awaitable[Any]], cure: Callable[[], Awaitable[Any]]
    ) -> None:
        """Bring about a cause, wait until all of these alerts have fired, remove it, and wait until they have ended."""
        await self._until(lambda: not self.active() & set(alerts), f"{', '.join(alerts)} end before their cause", 240)
        began = time.monotonic()
        await cause()
        for each in alerts:
            try:
                await self._until(lambda each=each: each in self.active(), f"{each} fires", 90)  # type: ignore[misc]
                self.fired[each] = time.monotonic() - began
                print(f"  {each} fired after {self.fired[each]:.0f} s", flush=True)
            except TimeoutError as error:
                print(f"  {error}", flush=True)
        began = time.monotonic()
        await cure()
        for each in alerts:
            try:
                await self._until(lambda each=each: each not in self.active(), f"{each} ends", 240)  # type: ignore[misc]
                self.ended[each] = time.monotonic() - began
                print(f"  {each} ended after {self.ended[each]:.0f} s", flush=True)
            except TimeoutError as error:
                print(f"  {error}", flush=True)

    def without_data(self) -> list[str]:
        """Expressions of the dashboard that return nothing."""
        missing = list[str]()
        for panel in PANELS:
            for expression, _ in panel.lines:
                query = urllib.parse.urlencode({"query": expression})
                stated = json.loads(_get(f"http://127.0.0.1:{self.prometheus}/api/v1/query?{query}") or b"{}")
                if not stated.get("data", {}).get("result"):
                    missing.append(f"{panel.title}: {expression}")
        return missing


def _get(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bytes(answer.read())
    except OSError:
        return None


async def postings(running: Running, title: str, first: int, count: int) -> None:
    await running.publish("ingest", [sealed(number, title) for number in range(first, first + count)])


async def add_items(running: Running, name: str, count: int) -> None:
    async with running.app.begin() as tx:
        await work.add(tx, [NewItem("call", f"{name} {number}") for number in range(count)])


async def watch(watch: Watch, running: Running, servers: TestServers, proxy: Proxy, folder: Path) -> None:
    """Every alert of one running service, cause by cause."""

    State.open.set()
    await asyncio.sleep(3)  # Prometheus has read the counters at zero

    async def dead_letters() -> None:
        await postings(running, "fail", 1, 200)

    async def discard() -> None:
        for letter in await running.ask(DeadLetters(limit=500)):
            await running.ask(DiscardDeadLetter(dead_no=letter.dead_no, actor="watch"))

    async def warn() -> None:
        State.warning = "a source was not read for two days"
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=matcher"
            " -keyout own.key -out own.pem".split(), cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
        CERTIFICATE.labels("own.pem").set(expires(folder / "own.pem"))

    async def no_warning() -> None:
        State.warning = ""
        CERTIFICATE.labels("own.pem").set(time.time() + 90 * 86400)

    async def calls_fail() -> None:
        State.fails = True
        await add_items(running, "bad", 30)

    async def calls_succeed() -> None:
        State.fails = False

    await asyncio.gather(
        watch.during(("ManyDeadLetters", "DeadLetters"), dead_letters, discard),
        watch.during(("CertificateExpires", "ServiceWarns"), warn, no_warning),
        watch.during(("WorkFails",), calls_fail, calls_succeed),
    )

    async def calls_take_long() -> None:
        State.open.clear()
        await add_items(running, "slow", 10)

    async def calls_return() -> None:
        State.open.set()

    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    stream, config = client.jetstream(), stream_config(NAME)

    async def stream_is_full() -> None:
        await stream.update_stream(config.evolve(max_msgs=1))
        await postings(running, "emit", 1_000, 300)

    async def stream_has_room() -> None:
        await stream.update_stream(config)

    await asyncio.gather(
        watch.during(("WorkWaits",), calls_take_long, calls_return),
        watch.during(("EventsUnpublished",), stream_is_full, stream_has_room),
    )
    await client.close()

    async with await psycopg.AsyncConnection.connect(running.url) as blocking:

        async def inbox_is_locked() -> None:
            await blocking.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            await postings(running, "wait", 10_000, 1_500)

        async def inbox_is_free() -> None:
            await blocking.commit()

        await watch.during(("EventsWait",), inbox_is_locked, inbox_is_free)

        async def late() -> None:
            await blocking.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            await postings(running, "wait", 20_000, 600)
            await asyncio.sleep(6)
            await blocking.commit()

        await watch.during(("EventsLate", "EventsOftenLate"), late, inbox_is_free)

    async def hang() -> None:
        proxy.hang()

    async def flow() -> None:
        proxy.resume()
        proxy.cut()

    await watch.during(("ServiceNotReady",), hang, flow)


async def run() -> int:
    alerts = [each["alert"] for group in yaml.safe_load((RULES / "rules.yaml").read_text())["groups"]
              for each in group["rules"] if "alert" in each]  # fmt: skip
    port = free_port()
    with test_servers() as servers, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        watching = Watch(folder, port)
        url = await asyncio.to_thread(a_database, servers, NAME)
        parts = psycopg.conninfo.conninfo_to_dict(url)
        proxy = await Proxy(int(parts["port"] or 5432)).start()
        far = url.replace(f":{parts['port']}/", f":{proxy.port}/")
        try:
            async with watching.running(), AsyncExitStack() as stack:

                async def start() -> Running:
                    return await stack.enter_async_context(
                        run_on(far, NAME, servers, service(), simulation=False, http_port=port)
                    )

                await watch(watching, await start(), servers, proxy, folder)
                empty = await asyncio.to_thread(watching.without_data)
                await watching.during(("ServiceDown",), stack.aclose, start)
        finally:
            await proxy.close()
            await asyncio.to_thread(drop_database, servers, url)
    done = [each for each in alerts if each in watching.fired and each in watching.ended]
    print(f"{len(done)} of {len(alerts)} alerts fired for their cause and ended with it.")
    for each in alerts:
        if each not in done:
            print(f"  not: {each}")
    lines = sum(len(panel.lines) for panel in PANELS)
    print(f"{lines - len(empty)} of {lines} expressions of the dashboard returned data.")
    print("".join(f"  not: {each}\n" for each in empty), end="")
    return 0 if len(done) == len(alerts) and not empty else 1


def main() -> int:
    missing = [each for each in ("prometheus", "prometheus-alertmanager", "openssl") if shutil.which(each) is None]
    if missing:
        print(f"Not installed: {', '.join(missing)} (apt-get install prometheus prometheus-alertmanager openssl)")
        return 1
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return asyncio.run(run())


if __name__ == "__main__":
    sys.exit(main())
