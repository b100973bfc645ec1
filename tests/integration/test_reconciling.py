"""Are missing events found, and does republishing restore them and nothing else?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import nats
import pytest
import typer

from cli.client.since import instant
from cli.commands import reconcile
from cli.commands.republish import republish_all
from cli.provision.setup import prepare_streams
from shared.contracts import topology
from shared.contracts.envelope import Envelope
from shared.contracts.events import FacilityMatched, PostingSeen
from shared.contracts.kernel import (
    NO_ID,
    OutboxWindow,
    PublishedIds,
    Republish,
    RepublishEvents,
    Status,
    Unprocessed,
    UnprocessedEvents,
)
from shared.contracts.refusals import AskFailed
from shared.contracts.requests import Question
from shared.storage import retention
from tests.integration.test_kernel import a_posting, ids, noted, sealed
from tests.support.probe import probe
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DURABLE = topology.durable_of("matcher", PostingSeen)


@pytest.fixture
async def service(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("matcher", servers, probe()) as running:
        yield running


class OneService:
    """A stand-in for a broker with only one service, which also acts as the producer of its postings."""

    def __init__(self, service: Running, published: list[Envelope]) -> None:
        self.service = service
        self.ids = [envelope.event_id for envelope in published]

    async def ask(self, request: Question[Any], service: str) -> Any:
        if service == "matcher":
            return await self.service.ask(request)
        if isinstance(request, PublishedIds) and request.subject == PostingSeen.SUBJECT:
            return self.ids if request.after == NO_ID else []
        if isinstance(request, Status):
            return SimpleNamespace(consumers=[])
        return UnprocessedEvents(dead=[], missing=[]) if isinstance(request, Unprocessed) else []


async def messages(service: Running) -> int:
    return (await service.app.broker.stream.stream_info("MATCHER")).state.messages


async def published(service: Running, count: int) -> None:
    """Events of the service itself, marked as published in its outbox."""
    await service.receive(*map(a_posting, range(count)))
    await service.app.relay.sweep()


async def edge_of(service: Running, published: list[Envelope]) -> reconcile.Edge:
    edges = await reconcile.compared(OneService(service, published), None)  # type: ignore[arg-type]
    return next(edge for edge in edges if edge.durable == DURABLE)


async def test_published_and_processed_events_are_not_missing(service: Running) -> None:
    envelopes = [sealed(n) for n in range(3)]
    await service.publish("ingest", envelopes)
    await service.idle()

    edge = await edge_of(service, envelopes)

    assert (edge.published, edge.missing, edge.dead, edge.lost) == (3, [], 0, False)


async def test_an_event_lost_by_its_stream_is_missing_and_a_dead_letter_is_not(service: Running) -> None:
    arrived, lost, poison = sealed(1), sealed(2), sealed(3, "poison")
    await service.publish("ingest", [arrived, poison])
    await service.idle()

    edge = await edge_of(service, [arrived, lost, poison])

    assert (edge.published, edge.missing, edge.dead) == (3, [lost.event_id], 1)
    assert edge.lost


async def lose_the_stream(servers: TestServers) -> None:
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    await client.jetstream().delete_stream("MATCHER")
    await client.close()
    await prepare_streams(servers.user_urls["setup"], lambda _: None)


async def test_republishing_fills_an_empty_stream_from_the_outbox(service: Running, servers: TestServers) -> None:
    await published(service, 5)
    before = await service.sql("SELECT event_id FROM unpublished")
    await lose_the_stream(servers)

    done = await republish_all(service.cli, "matcher", None, 5)

    assert (done, await messages(service)) == (5, 5)
    assert await service.sql("SELECT event_id FROM unpublished") == before


async def test_single_events_can_be_republished(service: Running, servers: TestServers) -> None:
    await published(service, 5)
    first, *_ = await service.ask(PublishedIds(subject=FacilityMatched.SUBJECT))
    await lose_the_stream(servers)

    answer = await service.ask(RepublishEvents(event_ids=[first], actor="ann"))

    assert (answer.published, await messages(service)) == (1, 1)


async def test_a_republished_event_has_no_second_effect(service: Running, servers: TestServers) -> None:
    envelope = sealed(1)
    for message_id in ("one", "two"):
        headers = {**envelope.headers, "Nats-Msg-Id": message_id}
        await service.publish("ingest", [Envelope(envelope.event_id, envelope.subject, headers, envelope.body)])
    await service.idle()

    assert await noted(service) == ids(1)


async def test_pages_continue_where_the_last_one_ended(service: Running) -> None:
    await published(service, 5)

    pages, after = [], NO_ID
    while page := await service.ask(PublishedIds(subject=FacilityMatched.SUBJECT, after=after, limit=2)):
        pages.append(page)
        after = page[-1]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({one for page in pages for one in page}) == 5


async def test_only_events_that_inboxes_still_remember_are_republished(service: Running) -> None:
    old = datetime.now(UTC) - timedelta(days=service.app.settings.outbox_days, minutes=1)
    await service.sql(
        "INSERT INTO outbox (event_id, subject, headers, body, stored_at)"
        " VALUES (%(id)s, 'facility.matched', '{}', '{}', %(at)s) RETURNING 1",
        id=retention.earliest_id(old),
        at=old,
    )

    window = await service.ask(OutboxWindow(since=LONG_AGO))
    answer = await service.ask(Republish(since=LONG_AGO, actor="ann"))

    assert window == []
    assert answer.events == 0


async def test_an_event_that_the_stream_refused_is_not_counted_as_published(
    service: Running, servers: TestServers
) -> None:
    await published(service, 3)
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    await client.jetstream().delete_stream("MATCHER")
    await client.close()

    with pytest.raises(AskFailed, match="accepted only 0 events of matcher"):
        await republish_all(service.cli, "matcher", None, 3)
    await prepare_streams(servers.user_urls["setup"], lambda _: None)


async def test_a_consumer_that_does_not_exist_is_refused(service: Running) -> None:
    with pytest.raises(AskFailed, match="no consumer 'matcher-tea'"):
        await service.ask(Unprocessed(durable="matcher-tea", event_ids=[]))


@pytest.mark.parametrize(
    "text, ago", [("2d", timedelta(days=2)), ("6h", timedelta(hours=6)), ("30m", timedelta(minutes=30))]
)
def test_a_time_may_be_given_as_a_duration_before_now(text: str, ago: timedelta) -> None:
    found = instant(text)

    assert found is not None
    assert abs(datetime.now(UTC) - ago - found) < timedelta(seconds=5)


@pytest.mark.parametrize("text", ["yesterday", "d", "9999999999d", "2026-13-01", ""])
def test_an_invalid_time_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a time"):
        instant(text)


def test_the_edges_are_those_of_the_topology() -> None:
    edges = {(edge.producer, edge.subject, edge.consumer) for edge in reconcile.edges_of_all()}

    assert len(edges) == sum(map(len, topology.CONSUMES.values()))
    assert ("ingest", "posting.seen", "matcher") in edges
