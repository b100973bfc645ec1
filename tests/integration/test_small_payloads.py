"""Do imports and events work with NATS's default payload limit, and after the limit was lowered?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cli.client.connection import pages
from cli.files.importing import import_rows, import_table
from cli.stack import embedded
from cli.stack.processes import free_port
from shared.contracts.envelope import Envelope, seal
from shared.contracts.ingest import ImportFacilities
from shared.contracts.kernel import DeadLetters
from shared.contracts.refusals import AskFailed
from shared.contracts.sequencer import ImportContacts
from shared.storage import outbox
from tests.integration.test_full_disk import running_program
from tests.integration.test_healing import until
from tests.integration.test_kernel import ids, noted, sealed
from tests.support.probe import large, probe
from tests.support.running import START, Running, run_service
from tests.support.servers import TestServers

PASSWORD = "of-a-test"
MEGABYTE = 1_048_576


@pytest.fixture(scope="module")
def small(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServers]:
    """A NATS with the default payload limit."""
    home = tmp_path_factory.mktemp("nats")
    config = home / "nats.conf"
    config.write_text(embedded.NATS_CONFIG.read_text().replace("max_payload: 8MB\n", ""))
    port, monitor = free_port(), free_port()
    passwords = dict.fromkeys(embedded.NATS_USERS, PASSWORD)
    with running_program(
        embedded.nats_program(home / "store", port, monitor, passwords, home / "log", config), monitor
    ):
        yield TestServers({u: f"nats://{u}:{PASSWORD}@127.0.0.1:{port}" for u in passwords}, servers.database_url)


@pytest.fixture
async def service(small: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", small, probe()) as running:
        assert running.app.broker.max_bytes == MEGABYTE
        yield running


async def test_wide_tables_are_imported_in_chunks_that_nats_accepts(small: TestServers, tmp_path: Path) -> None:
    wide, header = (
        tmp_path / "wide.csv",
        "CMS Certification Number (CCN),Provider Name,City/Town,State,Overall Rating,Location\n",
    )
    rows = (f"36A{n:03},Invented Home {n},Columbus,OH,3,{'x' * 1_500}\n" for n in range(1_000))
    wide.write_text(header + "".join(rows))

    async with run_service("ingest", small) as ingest:
        report = await import_table(ingest.cli, ImportFacilities, wide, {}, lambda _: None)

    assert (report.rows, report.rejects) == (1_000, [])
    assert report.counts["imported"] == 1_000


async def test_wide_rows_are_imported_in_chunks_that_nats_accepts(small: TestServers, tmp_path: Path) -> None:
    wide = tmp_path / "contacts.csv"
    rows = (f"36A{n % 1000:03},Ann Invented,Administrator,ann{n}@home.example,{'x' * 1_500}\n" for n in range(1_000))
    wide.write_text("ccn,name,title,email,remark\n" + "".join(rows))

    async with run_service("sequencer", small) as sequencer:
        report = await import_rows(sequencer.cli, ImportContacts, wide, lambda _: None)

    assert report.rows == 1_000


async def test_a_request_that_is_too_large_is_refused_with_its_size(service: Running) -> None:
    with pytest.raises(AskFailed, match=r"has 1,100,0\d\d bytes, and NATS accepts 1,048,576") as failed:
        await service.ask("echo", {"text": "x" * 1_100_000})

    assert failed.value.code == 413


async def test_a_reply_that_is_too_large_is_an_error_at_once(service: Running) -> None:
    with pytest.raises(AskFailed, match=r"The reply has 1,600,0\d\d bytes") as failed:
        await service.ask("echo", {"text": "x" * 800_000, "times": 2})

    assert failed.value.code == 413
    assert await service.ask("echo", {"text": "x"}) == "x"


async def test_an_event_that_nats_does_not_accept_is_refused_before_it_is_stored(
    service: Running,
) -> None:
    with pytest.raises(AskFailed, match=r"facility\.matched of .* NATS accepts 1,048,576") as failed:
        await service.ask("emit", {"length": 1_100_000})

    assert failed.value.code == 413
    assert await service.sql("SELECT 1 FROM outbox") == []


async def test_only_the_event_that_causes_a_too_large_one_is_dead_lettered(service: Running) -> None:
    await service.publish("ingest", [sealed(1), sealed(2, "too large to publish"), sealed(3)])
    await until(lambda: is_dead_lettered(service), 15)
    await service.idle()

    (letter,) = await service.ask(DeadLetters())
    assert "NATS accepts 1,048,576" in letter.error
    assert await noted(service) == ids(1, 3)


async def is_dead_lettered(service: Running) -> bool:
    return len(await service.ask(DeadLetters())) == 1


async def test_events_stored_under_a_larger_limit_do_not_delay_those_that_fit(service: Running) -> None:
    stored = [seal(large(1_100_000), "matcher", START), seal(large(1), "matcher", START)]
    async with service.app.begin() as tx:
        await outbox.write(tx, stored)

    await service.publish("ingest", [sealed(2)])
    await until(lambda: remain(service, stored[:1]), 15)

    assert await noted(service) == ids(2)
    assert service.app.broker.reconnects == 0


async def remain(service: Running, envelopes: list[Envelope]) -> bool:
    """Whether the outbox has exactly these unpublished events."""
    waiting = {row["event_id"] for row in await service.sql("SELECT event_id FROM unpublished")}
    return waiting == {envelope.event_id for envelope in envelopes} and bool(await noted(service))


async def test_more_dead_letters_than_fit_into_one_reply_are_all_listed(service: Running) -> None:
    await service.sql(
        "INSERT INTO dead_letters (event_id, consumer, subject, headers, body, error, tries, died_at)"
        " SELECT n::text, 'c', 's', '{}', repeat('x', 50_000), 'e', 1, now() FROM generate_series(1, 60) n RETURNING 1"
    )

    listed = [letter async for page in pages(service.cli, DeadLetters(), ("dead_no",), "matcher") for letter in page]

    assert [letter.event_id for letter in listed] == [str(n) for n in range(1, 61)]
