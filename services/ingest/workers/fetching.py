"""Which sources are fetched now? An item of work is a lane: the sources that share hosts.

The lease of its item is the lease of its hosts, so that over all replicas one source of a lane is fetched at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from time import monotonic

from services.ingest import settings
from services.ingest.adapters import ADAPTERS
from services.ingest.domain.fetches import Problem, Remembered, Robots, Slice, Source
from services.ingest.store import pages
from services.ingest.store import sources as store
from services.ingest.usecases.fetching import fetch_together, rule_of
from services.ingest.usecases.jobs import Job
from services.ingest.usecases.lanes import KIND
from services.ingest.usecases.recording import record_fetches
from services.ingest.usecases.registering import options_of, why_not_now
from shared.contracts.refusals import Refused
from shared.messaging.failures import text_of
from shared.outbound import Outbound
from shared.service import Router
from shared.storage.database import Tx
from shared.storage.work import Item
from shared.work import Attempt, Call, Done, Later, Verdict, Verdicts, Worker

PARALLEL = 200
"""Fetches at once in one process; nearly all of them wait for the pace of their host."""
LEASE = timedelta(minutes=5)
TOGETHER = 20
"""Sources of a lane that are fetched one after the other and recorded together, if they are quick."""


def router_of(outbound: Callable[[], Outbound] = settings.outbound) -> Router:
    """The worker that fetches; `outbound` makes its client when it fetches first."""
    router = Router()
    router.worker(KIND, parallel=PARALLEL, at_once=PARALLEL, lease=LEASE, delays=(60.0, 600.0), endless=True)(
        lambda: Fetching(outbound)
    )
    return router


class Fetching(Worker):
    """Fetches the sources of each lane one after the other, a slice of each, and records what came of them."""

    def __init__(self, outbound: Callable[[], Outbound]) -> None:
        self._make = outbound
        self._outbound: Outbound | None = None

    async def claim(self, items: Sequence[Item], tx: Tx) -> Mapping[str, Verdict | Call]:
        """Of each lane the sources that are due; a lane without one waits for its next, or ends."""
        lanes = [item.key for item in items]
        due: dict[str, list[Source]] = {}
        for source in await store.due(tx, lanes, TOGETHER):
            due.setdefault(source.lane, []).append(source)
        idle = await store.next_of(tx, [lane for lane in lanes if lane not in due])
        sources = [source for each in due.values() for source in each]
        known = await pages.of_sources(tx, [each.name for each in sources if not each.test_asked_at])
        hosts = {host for source in sources for host in source.hosts}
        robots, waits = await store.robots_of(tx, hosts), await store.waits(tx, hosts)
        deployed = settings.deployed()
        calls = {
            lane: Call([_job(source, known.get(source.name, {}), robots, waits, deployed, tx) for source in each])
            for lane, each in due.items()
        }
        return {lane: calls.get(lane) or (Later(idle[lane]) if lane in idle else Done()) for lane in lanes}

    async def call(self, attempt: Attempt) -> list[tuple[Job, Slice]]:
        if self._outbound is None:
            self._outbound = self._make()
        return await fetch_together(attempt.given, self._outbound)

    async def record(self, attempts: Sequence[Attempt], tx: Tx) -> Verdicts:
        """Store what was found, and let the next source of each lane be due."""
        done: list[tuple[Job, Slice]] = []
        for each in attempts:
            done += each.value if each.error is None else [(each.given[0], _failed(each.given[0], text_of(each.error)))]
        await record_fetches(done, tx)
        next_at = await store.next_of(tx, [each.item.key for each in attempts])
        keys = [each.item.key for each in attempts]
        return {key: Later(next_at[key]) if key in next_at else Done() for key in keys}

    async def close(self) -> None:
        if self._outbound is not None:
            await self._outbound.aclose()


def _job(
    source: Source,
    known: Mapping[str, Remembered],
    robots: Mapping[str, Robots],
    waits: Mapping[str, float],
    deployed: settings.IngestSettings,
    tx: Tx,
) -> Job:
    adapter = ADAPTERS[source.adapter]
    secret = deployed.source_secrets.get(source.name)
    options, refusal = None, why_not_now(source, tx.today)
    try:
        options = options_of(adapter, source.options)
        per_second = source.schedule(settings.schedules()).per_second
    except (Refused, ValueError) as invalid:
        per_second, refusal = 1.0, refusal or str(invalid)
    return Job(
        source=source,
        adapter=adapter,
        options=options,
        now=tx.now,
        today=tx.today,
        listing_no=source.listing(tx.now)[0],
        per_second=per_second,
        pages=known,
        robots={host: robots[host] for host in source.hosts if host in robots},
        waits={host: waits[host] for host in source.hosts if host in waits},
        began=monotonic(),
        secret=secret.get_secret_value() if secret else None,
        folder=deployed.source_folder,
        is_test=source.test_asked_at is not None,
        refusal=refusal,
    )


def _failed(job: Job, reason: str) -> Slice:
    return Slice(problem=Problem(reason), rule=rule_of(job, {}, {}))
