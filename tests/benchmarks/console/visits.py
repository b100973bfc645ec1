"""How long does each page take, how many statements does it send, and how long do these take alone?

Pages are requested in turn, round by round, so that other load on the machine meets all of them alike. Beside each is
what nothing can undercut: the smallest answer of the same server, and the statements of the page without the page.
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import psycopg
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from services.console.screens.surface import routes
from shared.clock import SimulatedClock
from shared.contracts.kernel import Status
from shared.http.backend import Backend
from shared.http.html_surface import LOCAL_COOKIE
from shared.http.rates import Rates
from shared.messaging.broker import connect
from shared.storage.connecting import configure
from shared.storage.database import Database
from tests.benchmarks.console.world import World
from tests.support.statements import Statement, statements

ROUNDS, WARM = 30, 3
LIMITS = {"page": 100.0, "fragment": 50.0, "dashboard": 250.0}
"""Milliseconds within which 95 of 100 arrive."""
SMALLEST = "/livez"


@dataclass(frozen=True)
class Visit:
    """A page, and whose it is."""

    path: str
    role: str = "manager"
    kind: str = "page"


@dataclass
class Timed:
    """The requests of a page."""

    visit: Visit
    ms: list[float] = field(default_factory=list)
    cpu_ms: float = 0
    """Of the console's process, in all."""
    kilobytes: float = 0
    sent: list[Statement] = field(default_factory=list)
    bare_ms: float = 0
    """Of its statements alone."""
    bare_cpu_ms: float = 0
    """Of PostgreSQL, for these."""

    @property
    def p50(self) -> float:
        return quantiles(self.ms, n=20)[9]

    @property
    def p95(self) -> float:
        return quantiles(self.ms, n=20)[18]

    @property
    def all_cpu_ms(self) -> float:
        """Of the console and of PostgreSQL: about the time that a page takes where nothing else runs."""
        return self.cpu_ms / len(self.ms) + self.bare_cpu_ms

    def figures(self) -> dict[str, float | str]:
        return {
            "path": self.visit.path,
            "p50_ms": round(self.p50, 1),
            "p95_ms": round(self.p95, 1),
            "cpu_ms": round(self.cpu_ms / len(self.ms), 1),
            "statements": len(self.sent),
            "sql_alone_ms": round(self.bare_ms, 1),
            "sql_cpu_ms": round(self.bare_cpu_ms, 1),
            "kilobytes": round(self.kilobytes, 1),
        }


class Visitor:
    """A person who has signed in by a one-time link, on one connection."""

    def __init__(self, link: str) -> None:
        self.host = urlsplit(link).netloc
        self._connection = http.client.HTTPConnection(self.host, timeout=60)
        parts = urlsplit(link)
        self._connection.request("GET", f"{parts.path}?{parts.query}")
        response = self._connection.getresponse()
        response.read()
        cookie = response.getheader("Set-Cookie", "")
        assert cookie.startswith(f"{LOCAL_COOKIE}="), f"the link does not sign in: {response.status}"
        self.token = cookie.partition("=")[2].partition(";")[0]

    def get(self, path: str) -> tuple[int, bytes]:
        """The status of a page, and its bytes as they were transferred."""
        try:
            self._connection.request("GET", path, headers=self.headers)
            response = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # the server closes connections that are not used for some seconds
            self._connection.close()
            return self.get(path)
        return response.status, response.read()

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"{LOCAL_COOKIE}={self.token}", "Accept-Encoding": "gzip"}

    def first_of(self, path: str) -> None:
        """Read the first message of a stream, and leave."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", path, headers=self.headers)
        response = connection.getresponse()
        while response.readline().strip():
            pass
        connection.close()


def visits(made: World) -> list[Visit]:
    """Every page, with what is at hand."""
    with made.sql() as sql:

        def one(statement: str) -> Any:
            row = sql.execute(statement).fetchone()
            assert row is not None, f"nothing is found by {statement}"
            return next(iter(row.values()))

        busy = one(
            "SELECT facility_id FROM log WHERE facility_id LIKE '33X%' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )
        task = one(
            """
            SELECT task.id FROM states AS task
            WHERE task.kind = 'task' AND task.facility_id LIKE '33X%' AND NOT EXISTS (
                SELECT FROM states AS ended
                WHERE ended.kind = 'task_end' AND ended.id = task.id AND ended.version >= task.version
            ) ORDER BY day, id LIMIT 1
            """
        )
        chain = one("SELECT chain FROM facilities WHERE chain IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        sequence = one(
            "SELECT data ->> 'sequence' FROM states WHERE kind = 'enrollment' GROUP BY 1 ORDER BY count(*) DESC"
        )
        event = one("SELECT event_id FROM log WHERE subject = 'task.due' AND facility_id LIKE '33X%' LIMIT 1")
        group = one("SELECT data ->> 'group' FROM states WHERE kind = 'unmatched' AND status = 'waiting' LIMIT 1")
        draft = one("SELECT id FROM states WHERE kind = 'draft' AND facility_id LIKE '33X%' ORDER BY day DESC LIMIT 1")
        today = one("SELECT max(day) FROM log WHERE subject = 'task.due'")
    listed = urlencode({"from": "/facilities?tier=1&sort=score"})
    return [
        *(Visit(path, "rep") for path in ("/worklist", "/facilities?owner=me", "/pipeline?owner=me", "/settings/me")),
        *map(
            Visit,
            (
                "/worklist",
                f"/worklist/{task}?who=team",
                "/inbox",
                f"/inbox/{quote(group, safe='')}",
                "/inbox?state=decided",
                "/inbox?state=judge",
                "/drafts",
                "/drafts?state=sent",
                f"/drafts/{draft}",
                "/pipeline",
                "/pipeline?view=table",
                "/pipeline?view=table&sort=next",
                "/facilities",
                "/facilities?sort=sla&page=200",
                "/facilities?sort=next",
                "/facilities?q=maple",
                f"/facilities/{busy}",
                f"/facilities/{busy}?{listed}",
                f"/facilities/{busy}?on={today}",
                f"/chains/{quote(chain, safe='')}",
                "/discovery",
                "/discovery?page=100",
                "/sequences",
                f"/sequences/{sequence}/runs",
                "/capacity",
                "/playbooks",
                "/events",
                "/events?subject=score.changed&page=50",
                f"/events?facility={busy}",
                f"/events/{event}",
                "/find?q=maple",
                "/find?q=5185",
                "/more",
            ),
        ),
        *(Visit(path, "operations") for path in ("/settings/users", "/settings/audit")),
        *(
            Visit(path, kind="dashboard")
            for path in (
                "/dashboards/health",
                "/dashboards/funnel",
                "/dashboards/scores",
                "/dashboards/scores/accounts?tier=3",
                "/dashboards/figures/win_rate",
                "/dashboards/signals",
            )
        ),
        Visit(f"/stream?about=task,touch&seen={event}", kind="fragment"),
    ]


def timed(made: World, people: Mapping[str, Visitor], wanted: Sequence[Visit], rounds: int = ROUNDS) -> list[Timed]:
    """The times of all pages, and of the server's smallest answer."""
    console = made.stack.children["console"].pid
    found = [Timed(Visit(SMALLEST, kind="ceiling")), *map(Timed, wanted)]
    for number in range(WARM + rounds):
        for each in found:
            person = people[each.visit.role]
            spent, began = cpu_ms(console), perf_counter()
            if each.visit.kind == "fragment":
                person.first_of(each.visit.path)
            else:
                status, body = person.get(each.visit.path)
                assert status == 200, f"{each.visit.path} has status {status}: {body[:500]!r}"
                each.kilobytes = len(body) / 1000
            if number >= WARM:
                each.ms.append((perf_counter() - began) * 1000)
                each.cpu_ms += cpu_ms(console) - spent
    return found


@asynccontextmanager
async def same_pages(made: World, person: Visitor) -> Any:
    """The same pages in this process, on the same database and services, so that statements can be seen."""
    clock = SimulatedClock("America/New_York")
    clock.set((await made.broker.ask(Status(), service="console")).now)
    database = Database(made.database_url, 4, "console", clock)
    await database.open()
    broker = await connect(made.stack.nats_urls["console"], "console")
    app = Starlette(routes=routes())
    app.state.backend = Backend(
        "console", database.begin_internal, broker.ask, Rates(1_000, 10_000), str, dict, database.notices
    )
    try:
        async with AsyncClient(transport=ASGITransport(app), base_url=f"http://{person.host}", timeout=60) as client:
            yield client
    finally:
        await broker.close()
        await database.close()


async def note_statements(made: World, people: Mapping[str, Visitor], found: Sequence[Timed]) -> None:
    """What each page sends to the database."""
    async with same_pages(made, people["manager"]) as client:
        for each in found:
            if each.visit.kind in ("ceiling", "fragment"):
                continue
            with statements() as sent:
                response = await client.get(each.visit.path, headers=people[each.visit.role].headers)
            assert response.status_code == 200, f"{each.visit.path}: {response.status_code} {response.text[:500]}"
            each.sent = [*sent]


async def time_statements(made: World, found: Sequence[Timed], rounds: int = ROUNDS) -> None:
    """The statements of each page without the page: the medians of their sums."""
    async with await psycopg.AsyncConnection.connect(made.database_url, autocommit=True) as connection:
        await configure(connection)
        for each in found:
            asked = [(sql.encode(), params) for sql, params in each.sent if sql.lstrip().startswith(("SELECT", "WITH"))]
            sums, spent = [], []
            for _ in range(rounds if asked else 0):
                before, began = cpu_ms(connection.info.backend_pid), perf_counter()
                async with connection.transaction():
                    for sql, params in asked:
                        await (await connection.execute(sql, params)).fetchall()
                sums.append((perf_counter() - began) * 1000)
                spent.append(cpu_ms(connection.info.backend_pid) - before)
            if sums:
                each.bare_ms, each.bare_cpu_ms = median(sums), median(spent)


def cpu_ms(process: int) -> float:
    """The milliseconds that a process and its threads have been on a processor, to the nanosecond."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e6
