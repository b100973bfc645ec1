"""Do the servers refuse every user what is not theirs?"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any

import nats
import pytest
from nats.aio.client import Client

from cli.generate import permissions
from cli.provision.setup import prepare_streams, prepare_subscriber, subscribed
from cli.stack.embedded import NATS_USERS
from cli.stack.target import StackError
from shared.contracts import topology
from shared.contracts.events import ScoreChanged, every_event
from shared.contracts.kernel import RunJob
from shared.contracts.refusals import AskFailed
from shared.messaging.broker import connect
from tests.integration.test_kernel import sealed
from tests.support.servers import TestServers

STREAM_OPERATIONS = """STREAM.CREATE STREAM.UPDATE STREAM.DELETE STREAM.PURGE STREAM.MSG.GET STREAM.MSG.DELETE
    STREAM.SNAPSHOT STREAM.RESTORE STREAM.INFO STREAM.PEER.REMOVE STREAM.LEADER.STEPDOWN CONSUMER.NAMES CONSUMER.LIST
    CONSUMER.CREATE DIRECT.GET""".split()
CONSUMER_OPERATIONS = """CONSUMER.CREATE CONSUMER.DURABLE.CREATE CONSUMER.DELETE CONSUMER.INFO CONSUMER.MSG.NEXT
    CONSUMER.PAUSE CONSUMER.RESET CONSUMER.UNPIN CONSUMER.LEADER.STEPDOWN""".split()
READING = ("STREAM.INFO", "STREAM.MSG.GET")
READERS = (topology.SUBSCRIBER, *topology.SERVICES)

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("PIPELINE_TEST_NATS_URL") or os.environ.get("PIPELINE_TEST_DOCKER")),
    reason="these servers have one user for all, so there are no permissions",
)


def durables() -> list[tuple[str, str, str, str]]:
    """Owner of the consumer, its stream, its name and its subject: those of services and those of subscribers."""
    mine = [(service, event) for service, events in topology.CONSUMES.items() for event in events]
    mine += [(topology.SUBSCRIBER, event) for event in topology.open_events()]
    return [
        (user, topology.stream_of(topology.owner_of(event)), topology.durable_of(user, event), event.SUBJECT)
        for user, event in mine
    ]


def subjects_of_others(user: str) -> set[str]:
    """All subjects of events and requests of other services than `user`."""
    events = {subject for service in topology.SERVICES if service != user for subject in topology.subjects_of(service)}
    names = ("status", "run_job", "set_clock", "outcome")
    requests = {f"{service}.ask.{name}" for service in topology.SERVICES for name in names}
    return (events | requests | {"ingest.submit", "anything.else", "$SYS.REQ.SERVER.PING"}) - set(
        topology.ASKS.get(user, ())
    )


def operations_on_others(user: str) -> set[str]:
    """Every operation on streams and consumers, except those that a user needs on their own."""
    streams = {f"$JS.API.{operation}.{topology.stream_of(s)}" for operation in STREAM_OPERATIONS for s in READERS[1:]}
    consumers = {
        f"$JS.API.{operation}.{stream}.{durable}" + (f".{subject}" if operation == "CONSUMER.CREATE" else "")
        for owner, stream, durable, subject in durables()
        for operation in CONSUMER_OPERATIONS
    }
    acks = {f"$JS.ACK.{stream}.{durable}.1.1.1.1.1" for owner, stream, durable, _ in durables()}
    return (streams | consumers | acks) - needed(user)


def needed(user: str) -> set[str]:
    """Required operations: on a user's own consumers and stream, which services also restore."""
    found: set[str] = set()
    if user in topology.SERVICES:
        found |= {f"$JS.API.STREAM.{verb}.{topology.stream_of(user)}" for verb in ("INFO", "CREATE", "MSG.GET")}
    for owner, stream, durable, subject in durables():
        if owner == user:
            found |= {f"$JS.API.CONSUMER.CREATE.{stream}.{durable}.{subject}"} if user in topology.SERVICES else set()
            own = f"{stream}.{durable}"
            found |= {f"$JS.API.CONSUMER.INFO.{own}", f"$JS.API.CONSUMER.MSG.NEXT.{own}", f"$JS.ACK.{own}.1.1.1.1.1"}
    return found


class Trying:
    """One user's connection, with the refusals of the server in lower case, as nats-py reports them."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.client = Client()

    async def connected(self, url: str) -> Trying:
        async def note(error: Exception) -> None:
            found = re.search(r'permissions violation for (?:publish|subscription) to "([^"]+)"', str(error), re.I)
            assert found, error
            self.refused.add(found[1])

        user = url.partition("://")[2].partition(":")[0]
        await self.client.connect(url, error_cb=note, inbox_prefix=f"_INBOX_{user}")
        return self

    async def publish(self, subjects: Iterable[str]) -> set[str]:
        tried = {subject.lower(): subject for subject in subjects}
        for subject in tried.values():
            await self.client.publish(subject, b"not even JSON")
        return await self._refused(tried)

    async def subscribe(self, subjects: Iterable[str]) -> set[str]:
        tried = {subject.lower(): subject for subject in subjects}
        for subject in tried.values():
            await self.client.subscribe(subject)
        return await self._refused(tried)

    async def _refused(self, tried: dict[str, str]) -> set[str]:
        # Twice, because the first ping overtakes buffered messages.
        await self.client.flush()
        await self.client.flush()
        return {tried[refused] for refused in self.refused}


@pytest.fixture
async def trying(servers: TestServers) -> AsyncIterator[dict[str, Trying]]:
    await prepare_streams(servers.user_urls["setup"], lambda _: None)
    users = {user: await Trying().connected(servers.user_urls[user]) for user in READERS}
    yield users
    for one in users.values():
        await one.client.close()


@pytest.mark.parametrize("user", READERS)
async def test_a_user_cannot_publish_events_or_send_requests_of_others(trying: dict[str, Trying], user: str) -> None:
    forbidden = subjects_of_others(user)

    assert await trying[user].publish(forbidden) == forbidden


@pytest.mark.parametrize("user", READERS)
async def test_a_user_cannot_change_streams_and_consumers_of_others(trying: dict[str, Trying], user: str) -> None:
    forbidden = operations_on_others(user)

    assert len(forbidden) > 300
    assert await trying[user].publish(forbidden) == forbidden


@pytest.mark.parametrize("user", READERS)
async def test_a_user_cannot_receive_replies_or_questions_of_others(trying: dict[str, Trying], user: str) -> None:
    forbidden = {f"_INBOX_{other}.>" for other in NATS_USERS if other != user}
    forbidden |= {f"{service}.ask.>" for service in topology.SERVICES if service != user}
    forbidden |= {e.SUBJECT for e in every_event()} | {"_INBOX.>", ">", "*", "$JS.>", "$SYS.>", "dead.*"}
    forbidden |= {"ingest.submit"} if user != "ingest" else set()

    assert await trying[user].subscribe(forbidden) == forbidden


@pytest.mark.parametrize(
    "config",
    [
        {"durable_name": "scorer-facility-listed", "filter_subject": "facility.listed"},
        {"durable_name": "matcher-posting-seen", "filter_subject": "facility.listed"},
        {"durable_name": "matcher-posting-seen", "filter_subjects": ["posting.seen", "facility.listed"]},
        {"durable_name": "matcher-posting-seen", "filter_subject": "posting.seen", "deliver_subject": "score.changed"},
    ],
)
async def test_restoring_ones_own_consumer_changes_nothing_else(
    trying: dict[str, Trying], config: dict[str, Any]
) -> None:
    subject = "$JS.API.CONSUMER.CREATE.INGEST.matcher-posting-seen.posting.seen"
    request = {"stream_name": "INGEST", "config": {**config, "name": config["durable_name"], "ack_policy": "explicit"}}

    reply = await trying["matcher"].client.request(subject, json.dumps(request).encode(), timeout=2)

    assert "error" in json.loads(reply.data), reply.data


async def test_the_command_line_may_send_every_request_and_publish_nothing(servers: TestServers) -> None:
    person = await Trying().connected(servers.user_urls["cli"])
    forbidden = {subject for service in topology.SERVICES for subject in topology.subjects_of(service)}
    reading = {f"$JS.API.{verb}.{topology.stream_of(s)}" for s in topology.SERVICES for verb in READING}
    forbidden |= operations_on_others("cli") - reading

    assert len(forbidden) > 300
    assert await person.publish(forbidden) == forbidden
    await person.client.close()


async def test_a_denied_publication_is_reported_as_denied_and_at_once(
    servers: TestServers, capsys: pytest.CaptureFixture[str]
) -> None:
    await prepare_streams(servers.user_urls["setup"], lambda _: None)
    broker = await connect(servers.user_urls["notifier"], "notifier")

    async with asyncio.timeout(2):
        stored = await broker.publish([sealed(1)])
    await broker.close()

    assert stored == []
    assert "publish.denied" in capsys.readouterr().out


async def test_a_denied_question_is_reported_as_denied_and_at_once(servers: TestServers) -> None:
    broker = await connect(servers.user_urls["notifier"], "notifier")

    async with asyncio.timeout(2):
        with pytest.raises(AskFailed, match=r"may not publish to scorer\.ask\.run_job") as denied:
            await broker.ask(RunJob(job="calibrate", actor="test"), service="scorer")
    await broker.close()

    assert denied.value.code == 403


def test_no_event_for_subscribers_contains_contact_data() -> None:
    private = ("direct_phone", "email", "linkedin", "person", "marks")

    def fields(schema: Any) -> set[str]:
        if isinstance(schema, dict):
            named = set(schema.get("properties", {}))
            return named.union(*map(fields, schema.values())) if schema else named
        return set().union(*map(fields, schema)) if isinstance(schema, list) else set()

    carrying = {e for e in every_event() if fields(e.model_json_schema()) & set(private)}

    assert carrying == set(topology.PERSONAL)
    assert not carrying & set(topology.open_events())
    assert "task-due" not in str(permissions.permissions(topology.SUBSCRIBER))


def test_a_subscriber_gets_only_the_events_that_the_operator_chose() -> None:
    assert subscribed({}) == []
    assert subscribed({"PIPELINE_SUBSCRIBER_SUBJECTS": "score.changed"}) == [ScoreChanged]
    with pytest.raises(StackError, match=r"task\.due is not for subscribers"):
        subscribed({"PIPELINE_SUBSCRIBER_SUBJECTS": "score.changed, task.due"})


async def test_events_that_the_operator_no_longer_chooses_can_no_longer_be_read(servers: TestServers) -> None:
    client = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    stream = client.jetstream()
    await prepare_streams(servers.user_urls["setup"], lambda _: None)

    await prepare_subscriber(stream, [ScoreChanged])
    (consumer,) = [c for c in await stream.consumers_info("SCORER") if c.name.startswith("subscriber-")]
    await prepare_subscriber(stream, [])

    assert consumer.name == "subscriber-score-changed"
    assert [c for c in await stream.consumers_info("SCORER") if c.name.startswith("subscriber-")] == []
    await client.close()
