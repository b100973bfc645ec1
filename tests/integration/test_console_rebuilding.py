"""Are the read models of the console the same after a rebuild, and readable meanwhile?"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from shared.contracts.console_rebuilding import Rebuild, Rebuilding
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from tests.integration.test_console_reading import a_task, done, seen_as
from tests.support.console import Console, Services
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

TABLES = {
    "states": "kind, id",
    "personal": "kind, id",
    "facilities": "facility_id",
    "log": "event_id",
    "matches": "posting_id",
}

PAGES = ("/worklist?who=rep-1", "/facilities/335001", "/events?facility=335001")


@pytest.fixture
async def owners(servers: TestServers) -> AsyncIterator[dict[str, Running]]:
    """Every service that publishes events."""
    async with AsyncExitStack() as stack:
        names = ("ingest", "matcher", "scorer", "sequencer", "notifier", "courier")
        yield {name: await stack.enter_async_context(run_service(name, servers)) for name in names}


async def publish(owner: Running, *events: Any) -> None:
    """Publish events as their owner would, so that its history has them."""
    async with owner.app.begin() as tx:
        tx.emit(*events)


async def count(service: Running, table: str) -> int:
    return int((await service.sql(f"SELECT count(*) AS rows FROM {table}"))[0]["rows"])


async def caught_up(owners: dict[str, Running], console: Running) -> None:
    """Wait until the console has every event that the others published."""
    async with asyncio.timeout(30):
        published = sum([await count(each, "outbox") for each in owners.values()])
        while await count(console, "log") < published:  # noqa: ASYNC110 - other services publish
            await asyncio.sleep(0.05)
    await console.idle()


SHAPE = """
    SELECT tablename AS of, indexname AS name, indexdef AS what FROM pg_indexes WHERE schemaname = 'read'
    UNION ALL
    SELECT tablename, policyname, concat_ws(' ', permissive, cmd, roles, qual, with_check) FROM pg_policies
    WHERE schemaname = 'read'
    UNION ALL
    SELECT table_name, column_name, concat_ws(' ', ordinal_position, data_type, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'read'
    UNION ALL
    SELECT relname, 'table', concat_ws(' ', relowner, relacl, relrowsecurity, relforcerowsecurity) FROM pg_class
    WHERE relnamespace = 'read'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'read'::regnamespace AND contype IN ('p', 'u', 'c', 'f')
    UNION ALL
    SELECT nspname, 'schema', concat_ws(' ', nspowner, nspacl) FROM pg_namespace WHERE nspname = 'read'
    ORDER BY 1, 2, 3
"""
"""Tables, columns, indexes, policies and grants of the read models."""


async def contents(console: Running) -> dict[str, list[dict[str, Any]]]:
    await console.sql("SELECT set_config('app.role', 'service', false)")
    rows = {table: await console.sql(f"SELECT * FROM {table} ORDER BY {key}") for table, key in TABLES.items()}
    return {table: [{**row, "written": None} for row in found] for table, found in rows.items()}


async def pages(console: Running) -> list[str]:
    """What a manager reads, text by text, while no service answers; without ranks, which count every account."""

    async def silent(request: Question[Any], service: str) -> Any:
        raise AskFailed("No service replies.", 503)

    site = Console(console, Services(silent))
    async with site.browser() as browser:
        await site.enter(browser, "helen", "manager")
        found = {path: await browser.get(path) for path in PAGES}
    assert {page.status_code for page in found.values()} == {200}
    texts = [text for page in found.values() for text in re.split(r"<[^>]*>|\n", page.text) if text.strip()]
    return [text for text in texts if not text.startswith("rank ")]


async def rebuilt(console: Running, *meanwhile: Any) -> None:
    await console.ask(Rebuild(actor="test"))
    await console.receive(*meanwhile)
    async with asyncio.timeout(30):
        while (await console.ask(Rebuilding())).ended_at is None:  # noqa: ASYNC110 - another process ends it
            await asyncio.sleep(0.05)


async def test_line_24_a_dropped_read_model_is_rebuilt_from_what_the_services_published(
    owners: dict[str, Running], console: Running
) -> None:
    await publish(owners["ingest"], listed("335001"), listed("335002"))
    await publish(owners["scorer"], scored("335001", 1, "58.0"), scored("335001", 2, "31.0", version=2))
    await publish(owners["sequencer"], a_task(version=1), done(2))
    for service in (*owners.values(), console):  # in the order in which one follows from the other
        await service.idle()
    await caught_up(owners, console)
    before, read_before, shape = await contents(console), await pages(console), await console.sql(SHAPE)
    await console.sql("INSERT INTO views VALUES (gen_random_uuid(), 'dana', 'Mine', '/') RETURNING 1")
    for table in TABLES:
        await console.sql(f"DELETE FROM {table} RETURNING 1")

    await rebuilt(console, listed("335009"))  # which arrives meanwhile, and is in no history

    after = await contents(console)
    assert await pages(console) == read_before
    arrived = {table: [row for row in rows if row.get("facility_id") == "335009"] for table, rows in after.items()}
    assert {table for table, rows in arrived.items() if rows} == {"states", "facilities", "log"}
    assert {table: [row for row in rows if row not in arrived[table]] for table, rows in after.items()} == before
    assert await console.sql("SELECT to_regnamespace('rebuilt') AS left_over") == [{"left_over": None}]
    assert len(await console.sql("SELECT 1 FROM views")) == 1
    assert {"states_by_rep", "log_pkey", "seen"} <= {row["name"] for row in shape}
    assert await console.sql(SHAPE) == shape  # as the migrations made them
    assert await seen_as(console, "reader") == []
    assert len(await seen_as(console, "rep")) == len(before["personal"]) > 0
