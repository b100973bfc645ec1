"""How are mutated files imported into running services, and what must be true of each?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from cli.files.importing import import_postings, import_rows, import_table, postings_of
from cli.files.report import Report, Stopped
from engines.datasets.reading import Unreadable, opened
from shared.contracts.events import FacilityListed
from shared.contracts.imports import ImportedRows
from shared.contracts.ingest import FileChunk, ImportFacilities, ImportFacts, ImportQuality
from shared.contracts.kernel import Status
from shared.contracts.matcher import ImportAliases
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Command
from shared.contracts.sequencer import ImportContacts
from shared.contracts.sequencer_imports import ImportAccounts
from shared.messaging.broker import Broker
from tests.support.mutations import COUNT, Good, registry
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

ImportFile = Callable[[Good], Awaitable[Counter[str]]]
SHARE = 0.05
TABLES: dict[str, type[FileChunk]] = {"facts": ImportFacts, "quality": ImportQuality}
ROWS: dict[str, tuple[type[Command[ImportedRows]], dict[str, str]]] = {
    "aliases": (ImportAliases, {"file_name": "file"}),
    "contacts": (ImportContacts, {}),
    "accounts": (ImportAccounts, {}),
}


@asynccontextmanager
async def served(servers: TestServers, folder: Path) -> AsyncIterator[ImportFile]:
    """Imports a file as `pipeline import` does, a registry as complete; asserts what must be true of each."""
    async with AsyncExitStack() as stack:
        ingest = await stack.enter_async_context(run_service("ingest", servers))
        sequencer = await stack.enter_async_context(run_service("sequencer", servers))
        matcher = await stack.enter_async_context(run_service("matcher", servers))
        path = folder / "file"

        async def import_file(file: Good) -> Counter[str]:
            if file.kind == "facilities":
                await _list_all(ingest, path)
            path.write_bytes(file.content)
            result = await _imported(ingest, path, file.kind)
            for service in (ingest, sequencer, matcher):
                assert (await service.ask(Status())).problems == [], service.app.name
            return result

        await _list_all(ingest, path)
        listed = await ingest.published(FacilityListed)
        await matcher.receive(*listed)
        await sequencer.receive(*listed)
        yield import_file


async def _list_all(ingest: Running, path: Path) -> None:
    """Import the registry before its mutation."""
    path.write_text(registry())
    await import_table(ingest.cli, ImportFacilities, path, {}, lambda _: None)


async def _imported(ingest: Running, path: Path, kind: str) -> Counter[str]:
    before = await _listed(ingest)
    try:
        async with asyncio.timeout(60):
            report = await _work(ingest.cli, path, kind)
    except Stopped as stopped:
        report = stopped.report
    except Unreadable:
        return await _refused(ingest, before)
    except AskFailed as refused:
        if refused.code >= 500:
            raise
        return await _refused(ingest, before)
    gone = before - await _listed(ingest)
    assert len(gone) <= SHARE * len(before)
    assert not gone or not report.rejects, report.rejects
    assert len(gone) == report.counts.get("delisted", 0)
    counts = report.counts
    accepted = sum(counts.get(name, 0) for name in ("imported", "unchanged", "new", "known", "skipped_other_state"))
    assert accepted + len(report.rejects) == report.rows, (counts, report.rejects, report.rows)
    return +Counter(accepted=accepted, rejected=len(report.rejects), delisted=len(gone))


async def _refused(ingest: Running, before: set[str]) -> Counter[str]:
    assert await _listed(ingest) == before
    return Counter(refused=1)


async def _listed(ingest: Running) -> set[str]:
    return {
        row["facility_id"]
        for row in await ingest.sql("SELECT facility_id FROM facilities WHERE NOT delisted AND state = 'NY'")
    }


async def _work(broker: Broker, path: Path, kind: str) -> Report:
    def ignore_progress(_: int) -> None: ...

    if kind == "facilities":
        return await import_table(broker, ImportFacilities, path, {"state": "NY", "complete": "NY"}, ignore_progress)
    if kind in TABLES:
        return await import_table(broker, TABLES[kind], path, {}, ignore_progress)
    if kind == "postings":
        with opened(path) as file:
            return await import_postings(broker, postings_of(file), None, ignore_progress)
    command, more = ROWS[kind]
    return await import_rows(broker, command, path, ignore_progress, dict(more))


assert COUNT * SHARE >= 1
