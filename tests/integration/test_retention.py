"""Are old events removed, and no others?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import nats
import psycopg
import pytest
from nats.js.api import StreamConfig
from pydantic import ValidationError

from cli.provision.setup import prepare_streams
from shared.contracts import topology
from shared.contracts.envelope import new_event_id
from shared.contracts.events import FacilityMatched
from shared.contracts.kernel import History, Republish
from shared.messaging import streams
from shared.settings import Settings
from shared.storage import retention
from shared.storage.database import DatabaseUnavailable
from tests.integration.test_healing import until
from tests.integration.test_kernel import a_posting
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=200)


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


async def weeks(service: Running, table: str) -> list[datetime]:
    async with service.app.begin() as tx:
        return await retention.weeks_of(tx, table)


async def a_week_of_long_ago(service: Running, table: str) -> datetime:
    week = retention.week_of(LONG_AGO)
    async with service.app.begin() as tx:
        await retention._add(tx, table, week)
    return week


async def sent(service: Running, event_id: UUID, stored_at: datetime, *, published: bool) -> None:
    await service.sql(
        "WITH waiting AS (INSERT INTO unpublished SELECT %(id)s WHERE NOT %(done)s)"
        " INSERT INTO outbox (event_id, subject, headers, body, stored_at)"
        " VALUES (%(id)s, 'facility.matched', '{}', '{}', %(at)s) RETURNING 1",
        id=event_id,
        at=stored_at,
        done=published,
    )


async def taken(service: Running, event_id: UUID, taken_at: datetime) -> None:
    await service.sql(
        "INSERT INTO inbox (event_id, consumer, taken_at) VALUES (%(id)s, 'matcher-posting-seen', %(at)s) RETURNING 1",
        id=event_id,
        at=taken_at,
    )


async def test_partitions_of_coming_weeks_exist_before_the_first_event(service: Running) -> None:
    await service.receive(a_posting(1))

    for table in ("inbox", "outbox"):
        assert await weeks(service, table) == [retention.week_of(NOW) + n * retention.WEEK for n in range(3)]
        (place,) = await service.sql(f"SELECT DISTINCT tableoid::regclass::text AS name FROM {table}")
        assert place["name"] == f"{table}_{retention.week_of(NOW):%Y%m%d}"


async def test_an_old_week_of_the_outbox_becomes_read_only_history(service: Running) -> None:
    week = await a_week_of_long_ago(service, "outbox")
    old, timeless = retention.earliest_id(LONG_AGO), UUID("ffffffff-0000-4000-8000-000000000001")
    await sent(service, old, LONG_AGO, published=True)
    await sent(service, timeless, LONG_AGO, published=True)
    await service.receive(a_posting(1))

    await service.app.maintain_partitions()
    await service.app.maintain_partitions()

    assert await weeks(service, "history") == [week]
    found = await service.sql("SELECT event_id FROM history ORDER BY event_id")
    assert [row["event_id"] for row in found] == [old, timeless]
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        await service.sql("UPDATE history SET body = '' RETURNING 1")
    assert len(await service.sql("SELECT 1 FROM outbox")) == 1


async def test_history_is_read_page_by_page_with_the_outbox_and_never_republished(
    service: Running,
) -> None:
    await a_week_of_long_ago(service, "outbox")
    old = retention.earliest_id(LONG_AGO)
    await sent(service, old, LONG_AGO, published=True)
    await service.app.maintain_partitions()
    await service.receive(a_posting(1), a_posting(2))
    await service.app.relay.sweep()

    first = await service.ask(History(limit=2))
    rest = await service.ask(History(after=first[-1].event_id))
    none = await service.ask(History(subjects=["posting.unmatched"]))
    about = [len(await service.ask(History(key=key))) for key in (rest[0].headers["ce-subject"], "another")]
    again = await service.ask(Republish(actor="ann"))

    assert first[0].event_id == old
    assert (len(first), len(rest), none, about[1]) == (2, 1, [], 0)
    assert about[0] >= 1
    assert {event.subject for event in [*first, *rest]} == {"facility.matched"}
    assert again.events == 2


async def test_a_week_that_a_crash_left_detached_becomes_history_later(service: Running) -> None:
    week = await a_week_of_long_ago(service, "outbox")
    async with service.app.begin() as tx:
        await retention._detach(tx, week)

    await service.app.maintain_partitions()

    assert await weeks(service, "history") == [week]


async def test_history_is_dropped_after_its_own_time(service: Running) -> None:
    ages_ago = NOW - timedelta(days=1_200)
    async with service.app.begin() as tx:
        await retention._add(tx, "outbox", retention.week_of(ages_ago))

    await service.app.maintain_partitions()
    await service.app.maintain_partitions()

    assert await weeks(service, "history") == []


async def test_weeks_that_are_too_old_are_dropped_completely_and_younger_ones_remain(service: Running) -> None:
    for table in ("inbox", "outbox"):
        await a_week_of_long_ago(service, table)
    old = retention.earliest_id(LONG_AGO)
    await sent(service, old, LONG_AGO, published=True)
    await taken(service, old, LONG_AGO)
    await service.receive(a_posting(1))

    await service.app.maintain_partitions()

    for table in ("inbox", "outbox"):
        assert retention.week_of(LONG_AGO) not in await weeks(service, table)
        assert await service.sql(f"SELECT 1 FROM {table} WHERE event_id = %(id)s", id=old) == []
        assert len(await service.sql(f"SELECT 1 FROM {table}")) == 1


async def test_the_inbox_remembers_an_event_longer_than_outbox_and_stream_can_redeliver_it(
    service: Running,
) -> None:
    settings = service.app.settings
    last = NOW - timedelta(days=settings.outbox_days + topology.STREAM_DAYS)
    event_id = retention.earliest_id(last)
    async with service.app.begin() as tx:
        await retention._add(tx, "inbox", retention.week_of(last))
    await taken(service, event_id, last)

    await service.app.maintain_partitions()

    assert await service.sql("SELECT 1 FROM inbox WHERE event_id = %(id)s", id=event_id)


async def test_a_week_with_an_unpublished_event_is_kept_until_it_is_published(service: Running) -> None:
    week = await a_week_of_long_ago(service, "outbox")
    # Stored just now, so that the sweeper does not publish it during this test.
    await sent(service, retention.earliest_id(LONG_AGO), NOW + timedelta(minutes=1), published=False)

    await service.app.maintain_partitions()
    kept = await weeks(service, "outbox")
    await service.sql("DELETE FROM unpublished RETURNING 1")
    await service.app.maintain_partitions()

    assert week in kept
    assert week not in await weeks(service, "outbox")


async def test_ids_without_a_time_are_forgotten_by_their_time_of_receipt(service: Running) -> None:
    timeless, recent = UUID("ffffffff-0000-4000-8000-000000000001"), UUID("ffffffff-0000-4000-8000-000000000002")
    await taken(service, timeless, LONG_AGO)
    await taken(service, recent, NOW)

    await service.app.maintain_partitions()

    assert [row["event_id"] for row in await service.sql("SELECT event_id FROM inbox")] == [recent]


async def test_rows_received_before_their_partition_existed_move_into_it(service: Running) -> None:
    week = retention.week_of(NOW)
    event_id = new_event_id()
    async with service.app.begin() as tx:
        for table in ("inbox", "outbox"):
            await tx.run(f"DROP TABLE {table}_{week:%Y%m%d}")
    await taken(service, event_id, NOW)
    await service.receive(a_posting(1))

    await service.app.maintain_partitions()

    assert await service.sql("SELECT 1 FROM inbox_default") == []
    assert len(await service.sql("SELECT 1 FROM inbox")) == 2
    assert len(await service.published(FacilityMatched)) == 1


def test_an_inbox_that_forgets_too_early_is_refused_without_revealing_a_secret() -> None:
    with pytest.raises(ValidationError, match=r"INBOX_DAYS=96 is too short.*at least 97") as refused:
        Settings(inbox_days=96, database_url="postgresql://matcher:hush@db/matcher")  # type: ignore[arg-type]

    assert "hush" not in str(refused.value)
    assert Settings(inbox_days=97).outbox_days == 90


async def test_a_service_refuses_a_stream_that_keeps_events_longer_than_inboxes_allow(servers: TestServers) -> None:
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    async with run_service("matcher", servers, probe()) as service:
        stream = client.jetstream()
        config = StreamConfig(name="MATCHER", subjects=topology.subjects_of("matcher"), max_age=8 * 86_400)
        await stream.update_stream(config)

        with pytest.raises(streams.RetentionTooShort, match="MATCHER keeps events for 8 days"):
            await streams.check_stream(service.app.broker.stream, "matcher", 1)
        await prepare_streams(servers.user_urls["setup"], lambda _: None)
        await streams.check_stream(service.app.broker.stream, "matcher", 1)
    await client.close()


async def test_an_event_of_a_week_whose_partition_another_replica_adds_is_to_be_stored_again(service: Running) -> None:
    begin, week = service.app.begin, retention.week_of(datetime.now(UTC))
    await service.sql(f"DROP TABLE outbox_{week:%Y%m%d}")

    async def emit() -> None:
        async with begin() as tx:
            tx.emit(a_match())

    async with service.app.database.begin_internal() as other:
        await retention._add(other, "outbox", week)
        late = asyncio.create_task(emit())
        await until(lambda: waits_for_a_lock(service))
    with pytest.raises(DatabaseUnavailable, match="partition constraint"):
        await late
    await emit()

    assert len(await service.published(FacilityMatched)) == 1


def a_match() -> FacilityMatched:
    return FacilityMatched(facility_id="33X001", role_family="qm", version=1, signals=())


async def waits_for_a_lock(service: Running) -> bool:
    query = (
        "SELECT 1 FROM pg_locks JOIN pg_database ON oid = database WHERE NOT granted AND datname = current_database()"
    )
    return bool(await service.sql(query))
