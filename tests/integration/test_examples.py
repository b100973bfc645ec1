"""Do the examples for other systems do what their first lines promise, on a real NATS and with real signatures?"""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
import pytest
from nats.js import JetStreamContext

from cli.client.forwarding import Receiver
from cli.provision.setup import prepare_streams, prepare_subscriber
from cli.stack.target import REPOSITORY
from shared.contracts import topology
from shared.contracts.cloudevents import STRUCTURED, encoded, structured_message
from shared.contracts.envelope import Envelope, new_event_id, seal
from shared.contracts.events import ScoreChanged
from shared.messaging.broker import Broker, connect
from shared.outbound.webhooks import new_secret
from tests.support.examples import example, line
from tests.support.running import START
from tests.support.sequencing import scored
from tests.support.servers import TestServers

CONSUMER = ("SCORER", "subscriber-score-changed")


@dataclass(frozen=True)
class Scores:
    """The stream of scores, without any service."""

    broker: Broker
    streams: JetStreamContext
    servers: TestServers

    async def publish(self, *envelopes: Envelope) -> None:
        assert len(await self.broker.publish(envelopes)) == len(envelopes)

    @property
    def url(self) -> dict[str, str]:
        return {"PIPELINE_SUBSCRIBER_NATS_URL": self.servers.user_urls[topology.SUBSCRIBER]}


@pytest.fixture
async def scores(servers: TestServers) -> AsyncIterator[Scores]:
    setup = await nats.connect(servers.user_urls["setup"], inbox_prefix="_INBOX_setup")
    await prepare_streams(servers.user_urls["setup"], lambda _: None)
    await setup.jetstream().purge_stream("SCORER")
    await prepare_subscriber(setup.jetstream(), [])
    await prepare_subscriber(setup.jetstream(), [ScoreChanged])
    broker = await connect(servers.user_urls["scorer"], "scorer")
    yield Scores(broker, setup.jetstream(), servers)
    await broker.close()
    await setup.close()


def a_score(facility_id: str, version: int, score: str) -> Envelope:
    event = scored(facility_id, 2, score).model_copy(update={"score_version": version})
    return seal(event, "scorer", START)


def again(envelope: Envelope) -> Envelope:
    """The same event in another message, which the stream stores although it has the event."""
    return envelope._replace(event_id=uuid4(), headers={**envelope.headers, "Nats-Msg-Id": str(uuid4())})


def in_structured_mode(envelope: Envelope) -> Envelope:
    body = encoded(structured_message(envelope.headers, envelope.body.encode())).decode()
    headers = {"Content-Type": STRUCTURED, "Nats-Msg-Id": envelope.headers["Nats-Msg-Id"]}
    return envelope._replace(headers=headers, body=body)


def rows(database: Path, query: str, *values: Any) -> list[Any]:
    if not database.exists():
        return []
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


async def everything_acknowledged(scores: Scores) -> bool:
    for _ in range(100):
        info = await scores.streams.consumer_info(*CONSUMER)
        if info.num_pending == 0 and info.num_ack_pending == 0:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_the_subscriber_in_python_keeps_the_newest_score_of_events_in_any_order_and_mode(
    scores: Scores, tmp_path: Path
) -> None:
    first, second = a_score("33X801", 1, "50.0"), a_score("33X801", 2, "61.5")
    await scores.publish(second, first, again(second), in_structured_mode(a_score("33X802", 7, "12.5")))

    async with example("subscriber.py", tmp_path, **scores.url) as process:
        assert (await line(process)).endswith("events processed")
        assert await everything_acknowledged(scores)

    kept = "SELECT facility_id, version, score FROM scores ORDER BY 1"
    assert rows(tmp_path / "scores.db", kept) == [("33X801", 2, "61.5"), ("33X802", 7, "12.5")]
    assert rows(tmp_path / "scores.db", "SELECT count(*) FROM processed") == [(3,)]


async def test_an_event_that_the_subscriber_could_not_store_is_delivered_again(scores: Scores, tmp_path: Path) -> None:
    await scores.publish(a_score("33X803", 1, "50.0"))
    with sqlite3.connect(tmp_path / "scores.db") as database:
        database.execute("CREATE TABLE scores (facility_id PRIMARY KEY, version, score CHECK (score = 'none'), tier)")

    async with example("subscriber.py", tmp_path, **scores.url) as process:
        assert await asyncio.wait_for(process.wait(), 60) != 0

    assert (await scores.streams.consumer_info(*CONSUMER)).num_ack_pending > 0
    assert rows(tmp_path / "scores.db", "SELECT * FROM processed") == []


@pytest.mark.parametrize("name", ["faststream_subscriber.py", "subscriber.mjs"])
async def test_other_subscribers_print_and_acknowledge_every_score(name: str, scores: Scores, tmp_path: Path) -> None:
    event = a_score("33X804", 1, "50.0")
    await scores.publish(event)

    async with example(name, tmp_path, **scores.url) as process:
        while not (printed := await line(process)).startswith(str(event.event_id)):
            pass  # FastStream states what it starts
        assert await everything_acknowledged(scores)

    assert printed.split()[1:3] == ["33X804", "50.0"]


async def test_the_subscriber_in_javascript_keeps_the_newest_score_of_events_in_any_order_and_mode(
    scores: Scores, tmp_path: Path
) -> None:
    second, other = a_score("33X805", 2, "61.5"), a_score("33X806", 7, "12.5")
    last = a_score("33X805", 1, "50.0")
    await scores.publish(second, again(second), in_structured_mode(other), last)

    printed: list[str] = []
    async with example("subscriber.mjs", tmp_path, **scores.url) as process:
        while not printed or not printed[-1].startswith(str(last.event_id)):
            printed.append(await line(process))

    assert printed[-1].split()[1:] == ["33X805", "61.5"]
    assert printed[-2].split() == [str(other.event_id), "33X806", "12.5"]


@asynccontextmanager
async def receiving(name: str, folder: Path, secret: str) -> AsyncIterator[str]:
    """The address of an example that receives webhooks."""
    async with example(name, folder, WEBHOOK_SECRET=secret, PORT="0") as process:
        yield await line(process)


@pytest.mark.parametrize("name", ["receiver.py", "receiver.mjs"])
async def test_a_receiver_stores_what_was_signed_once_and_refuses_the_rest(name: str, tmp_path: Path) -> None:
    secret = new_secret()
    sealed = a_score("33X807", 1, "50.0")
    event = structured_message(sealed.headers, sealed.body.encode())

    async with (
        receiving(name, tmp_path, secret) as url,
        Receiver(url, secret) as ours,
        Receiver(url, new_secret()) as forger,
    ):
        answers = [(await each.send(event)).status for each in (ours, ours, forger)]
        too_long = await ours.send({**event, "subject": "x" * 100_000})

    assert answers == [204, 204, 401]
    assert too_long.status == 413
    if name.endswith(".py"):
        assert rows(tmp_path / "events.db", "SELECT id, type FROM events") == [(event["id"], "score.changed")]


async def test_what_is_listened_to_is_forwarded_as_a_webhook_and_counted_at_the_end(
    scores: Scores, tmp_path: Path
) -> None:
    secret, facility = new_secret(), f"33X{new_event_id().hex[:6]}"
    event = a_score(facility, 1, "50.0")
    await scores.publish(event, a_score("33X809", 1, "50.0"))
    before = await consumers(scores)

    async with receiving("receiver.py", tmp_path, secret) as url:
        printed, noted, code = await listened(
            scores, "score.changed", "--since", "1h", "--facility", facility, "--forward", url, "--secret", secret
        )
        refused, of_refused, _ = await listened(
            scores, "score.changed", "--since", "1h", "--facility", facility, "--forward", url, "--json"
        )

    assert [printed.split()[1], *printed.split()[4:6]] == ["204", "score.changed", facility]
    assert "secret whsec_" in noted
    assert noted.endswith("Events: 1; 1 accepted.\n")
    assert code == 0
    assert json.loads(refused)["status"] == 401
    assert json.loads(refused)["event"]["data"] == json.loads(event.body)
    assert of_refused.endswith("Events: 1; 0 accepted.\n")
    stored = rows(tmp_path / "events.db", "SELECT id, type, event FROM events")
    assert [(each[0], each[1], json.loads(each[2])["data"]) for each in stored] == [
        (str(event.event_id), "score.changed", json.loads(event.body))
    ]
    assert await consumers(scores) == before


async def listened(scores: Scores, *arguments: str) -> tuple[str, str, int | None]:
    """The first line that `pipeline listen` prints, its notes and its exit code when Ctrl-C ends it."""
    command = [sys.executable, "-m", "cli.main", "listen", *arguments]
    environment = {"PIPELINE_NATS_URL": scores.servers.user_urls["cli"], "PYTHONPATH": str(REPOSITORY)}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE)
    try:
        printed = await line(process)
        process.send_signal(signal.SIGINT)
        _, noted = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
    return printed, noted.decode(), process.returncode


async def consumers(scores: Scores) -> list[str]:
    return sorted(each.name for each in await scores.streams.consumers_info("SCORER"))


async def test_a_receiver_that_is_away_or_redirects_gets_nothing_twice() -> None:
    requests: list[bytes] = []

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(redirect, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/events"
    sealed = a_score("33X808", 1, "50.0")
    async with Receiver(url, new_secret()) as receiver:
        redirected = await receiver.send(structured_message(sealed.headers, sealed.body.encode()))
        server.close()
        await server.wait_closed()
        away = await receiver.send(structured_message(sealed.headers, sealed.body.encode()))

    assert (redirected.status, redirected.accepted, len(requests)) == (307, False, 1)
    assert (away.status, away.accepted) == (None, False)
    assert away.text.startswith("127.0.0.1 ")
    assert datetime.now(UTC).timestamp() - float(_header(requests[0], b"webhook-timestamp")) < 60


def _header(request: bytes, name: bytes) -> bytes:
    return next(each.partition(b": ")[2] for each in request.split(b"\r\n") if each.startswith(name))
