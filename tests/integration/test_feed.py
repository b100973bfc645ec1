"""Does a program that reads events over HTTP get each one that it may read, once and in order?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from cloudevents.core.formats.json import JSONFormat
from pydantic_core import from_json, to_json

from services.courier.app import service
from services.courier.routes import routes
from services.courier.routes.events import Limits
from services.courier.store import log
from services.courier.usecases.logging import LOCK, record
from services.courier.usecases.shortening import shorten
from shared.contracts.courier_feeds import AddFeedKey, FeedKeys, RemoveFeedKey
from shared.contracts.envelope import seal, unseal
from shared.contracts.events import Event, RepChanged
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import AskFailed
from shared.storage.retention import earliest_id_within
from tests.support.described import described, fail_in_every_way
from tests.support.examples import example, line
from tests.support.fuzzing import EXAMPLES, fuzz
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

REP = RepChanged(
    rep="ann", version=1, name="Ann", email="ann@sales.example", from_hour=time(9), to_hour=time(17), timezone="UTC"
)


@pytest_asyncio.fixture
async def courier(servers: TestServers) -> AsyncIterator[Running]:
    async with run_service("courier", servers) as running:
        yield running


@asynccontextmanager
async def limited(servers: TestServers, limits: Limits) -> AsyncIterator[Running]:
    """A courier with other limits."""
    async with run_service("courier", servers, replace(service, routes=lambda: routes(limits))) as running:
        yield running


async def add_key(courier: Running, *types: str, personal: bool = False, name: str = "warehouse") -> dict[str, str]:
    """The header of a new key."""
    key = new_key()
    command = AddFeedKey(name=name, key_hash=hash_of(key), types=list(types or "*"), personal=personal, actor="ann")
    await courier.cli.ask(command)
    return {"Authorization": f"Bearer {key}"}


@asynccontextmanager
async def reader(courier: Running, *types: str, personal: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A program with a key, whose every reply is one that the OpenAPI document describes."""
    headers = await add_key(courier, *types, personal=personal)
    base = f"http://127.0.0.1:{courier.app.http_port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as client:
        yield client


async def publish(courier: Running, *published: Event) -> None:
    """Add events to the log as the handlers do."""
    for event in published:
        envelope = seal(event, "scorer", courier.app.clock.now())
        received = unseal(envelope.headers, envelope.body.encode(), type(event))
        async with courier.app.begin() as tx:
            await tx.lock(*LOCK)
            await record(tx, [received])


async def remove_all(courier: Running) -> int:
    """Remove the log as if all of it were old; returns its last position."""
    async with courier.app.begin() as tx:
        await shorten(tx, earliest_id_within(timedelta(days=-1)))
        return await log.start(tx)


def versions(found: Sequence[dict[str, Any]]) -> list[int]:
    return [each["data"]["score_version"] for each in found]


async def streamed(reply: httpx.Response, number: int) -> list[dict[str, str]]:
    """The next messages of a stream, by the rules of server-sent events."""
    found: list[dict[str, str]] = []
    fields: dict[str, str] = {}
    async for text in reply.aiter_lines():
        if text:
            name, _, value = text.partition(": ")
            fields[name] = value
        elif fields:
            found.append(fields)
            fields = {}
        if len(found) == number:
            break
    return found


async def test_a_program_gets_every_event_once_and_in_order_while_four_writers_commit(courier: Running) -> None:
    async def write(no: int) -> None:
        for n in range(15):
            await publish(courier, scored("335001", 1, version=no * 100 + n + 1))
            await asyncio.sleep(0.001 * ((no + n) % 3))

    async with reader(courier) as client:
        found: list[dict[str, Any]] = []
        address = "/events?after=0&limit=7&wait=1"
        writers = asyncio.gather(*(write(no) for no in range(4)))
        while len(found) < 60:
            part = await client.get(address)
            found, address = found + part.json(), part.links["next"]["url"]
        await writers
        rest = await client.get(address.replace("wait=1", "wait=0"))

    assert rest.json() == []
    assert sorted(versions(found)) == sorted(no * 100 + n + 1 for no in range(4) for n in range(15))
    assert [int(each["cursor"]) for each in found] == sorted({int(each["cursor"]) for each in found})


async def test_the_package_of_cloudevents_reads_what_the_feed_sends(courier: Running) -> None:
    await courier.receive(listed("335001"))

    async with reader(courier) as client:
        part = await client.get("/events")

    assert part.headers["Content-Type"] == "application/cloudevents-batch+json"
    [event] = [JSONFormat().read(None, to_json(each)) for each in part.json()]
    assert (event.get_type(), event.get_source(), event.get_subject()) == ("facility.listed", "/ingest", "335001")
    assert event.get_extension("cursor") == part.json()[0]["cursor"]
    assert event.get_data() == part.json()[0]["data"]


async def test_an_event_is_read_by_its_id_by_keys_that_may_read_it(courier: Running) -> None:
    await courier.receive(listed("335001"), scored("335001", 1))

    async with reader(courier) as client:
        one, other = (await client.get("/events")).json()
        found = await client.get(f"/events/{one['id']}")
    async with reader(courier, "score.*") as client:
        unknown = [await client.get(f"/events/{each}") for each in (one["id"], UUID(int=1), "17")]
        allowed = await client.get(f"/events/{other['id']}")

    assert (found.headers["Content-Type"], found.json()) == ("application/cloudevents+json", one)
    assert [each.status_code for each in unknown] == [404, 404, 404]
    assert allowed.json() == other


async def test_a_key_reads_only_its_types(courier: Running) -> None:
    await courier.receive(listed("335001"), scored("335001", 1))

    async with reader(courier, "score.*") as client:
        seen, named = await client.get("/events"), await client.get("/events?types=score.changed,score.*")
        refused = await client.get("/events?types=score.changed,facility.listed")
        none_of_a_kind = await client.get("/events/stream?types=facility.*")

    assert [each["type"] for each in seen.json()] == [each["type"] for each in named.json()] == ["score.changed"]
    assert (refused.status_code, none_of_a_kind.status_code) == (403, 403)
    assert "facility.listed" in refused.json()["message"]


async def test_events_with_contact_data_are_only_for_keys_that_were_created_for_them(courier: Running) -> None:
    await courier.receive(REP, scored("335001", 1))

    async with reader(courier, "*") as client:
        seen = await client.get("/events")
        refused = await client.get("/events?types=rep.changed")
    async with reader(courier, "*", personal=True) as client:
        all_of_it = await client.get("/events")

    assert [each["type"] for each in seen.json()] == ["score.changed"]
    assert refused.status_code == 403
    assert "contact data" in refused.json()["message"]
    assert {each["type"] for each in all_of_it.json()} == {"rep.changed", "score.changed"}


async def test_a_cursor_that_is_too_old_is_refused_with_what_to_do(courier: Running) -> None:
    await courier.receive(scored("335001", 1), scored("335001", 1, version=2))
    last = await remove_all(courier)
    await courier.receive(scored("335001", 1, version=3))

    async with reader(courier) as client:
        old, none_missed, all_that_is_left, of_another_log = [
            await client.get(f"/events?after={after}") for after in (last - 1, last, 0, last + 1_000)
        ]
        stream = await client.get("/events/stream", headers={"Last-Event-ID": str(last - 1)})

    assert (old.status_code, stream.status_code, of_another_log.status_code) == (410, 410, 410)
    assert "after=0" in old.json()["message"]
    assert versions(none_missed.json()) == versions(all_that_is_left.json()) == [3]


async def test_a_stream_goes_on_where_its_reader_was(courier: Running) -> None:
    async with reader(courier) as client:
        async with client.stream("GET", "/events/stream?after=now") as reply:
            await publish(courier, *(scored("335001", 1, version=n) for n in (1, 2)))
            first = await streamed(reply, 1)
        await publish(courier, scored("335001", 1, version=3))
        async with client.stream("GET", "/events/stream", headers={"Last-Event-ID": first[0]["id"]}) as reply:
            after_it = await streamed(reply, 2)
        pulled = await client.get(f"/events?after={first[0]['id']}")

    assert [each["event"] for each in first + after_it] == ["score.changed"] * 3
    assert [each["id"] for each in after_it] == [each["cursor"] for each in pulled.json()]
    assert versions([from_json(each["data"]) for each in after_it]) == [2, 3]


async def test_a_silent_stream_states_how_far_the_log_was_read(servers: TestServers) -> None:
    async with limited(servers, Limits(beat_seconds=0.2)) as courier:
        async with reader(courier, "lead.*") as client, client.stream("GET", "/events/stream") as reply:
            await publish(courier, scored("335001", 1))
            beats = await streamed(reply, 1)

        async with courier.app.begin() as tx:
            assert beats == [{"id": str(await log.end(tx))}]


async def test_a_program_waits_for_an_event_and_gets_it_at_once(courier: Running) -> None:
    async with reader(courier) as client:
        waiting = asyncio.create_task(client.get("/events?after=now&wait=20"))
        await asyncio.sleep(0.3)
        began = asyncio.get_running_loop().time()
        await publish(courier, scored("335001", 1))
        part = await waiting
        took = asyncio.get_running_loop().time() - began

    assert versions(part.json()) == [1]
    assert took < 2


async def test_a_part_of_the_log_without_wanted_events_is_read_once(servers: TestServers) -> None:
    async with limited(servers, Limits(scanned=2)) as courier:
        await courier.receive(*(scored("335001", 1, version=n) for n in range(1, 8)), listed("335001"))
        async with reader(courier) as client:
            part = await client.get("/events?types=facility.*")
            rest = await client.get("/events?types=lead.*&limit=5")
        async with courier.app.begin() as tx:
            end = await log.end(tx)

    assert [each["type"] for each in part.json()] == ["facility.listed"]
    assert rest.json() == []
    assert rest.links["next"]["url"] == f"/events?types=lead.*&limit=5&after={end}"


async def test_a_key_that_is_removed_ends_its_streams(courier: Running) -> None:
    async with reader(courier) as client:
        async with client.stream("GET", "/events/stream?after=now") as reply:
            await courier.cli.ask(RemoveFeedKey(name="warehouse", actor="ann"))
            await publish(courier, scored("335001", 1))
            assert await asyncio.wait_for(streamed(reply, 1), 5) == []
        again = await client.get("/events/stream")

    assert again.status_code == 401
    assert await courier.ask(FeedKeys()) == []


async def test_readers_that_wait_get_a_reply_when_the_courier_stops(servers: TestServers) -> None:
    async with AsyncExitStack() as stack:
        courier = await stack.enter_async_context(run_service("courier", servers))
        client = await stack.enter_async_context(reader(courier))
        waiting = asyncio.create_task(client.get("/events?wait=20"))
        reply = await stack.enter_async_context(client.stream("GET", "/events/stream"))
        await asyncio.sleep(0.2)
        await courier.app.close()
        part, rest = await waiting, await streamed(reply, 1)

    assert (part.status_code, part.json(), rest) == (200, [], [])


async def test_the_example_stores_each_event_once_and_goes_on_after_a_restart(courier: Running, tmp_path: Path) -> None:
    key = (await add_key(courier))["Authorization"].split()[1]
    place = {"FEED_URL": f"http://127.0.0.1:{courier.app.http_port}", "FEED_KEY": key}
    await publish(courier, *(scored("335001", 1, version=n) for n in (1, 2)))
    async with example("feed.py", tmp_path, **place) as process:
        assert (await line(process)).startswith("2 events until ")
    await publish(courier, scored("335001", 1, version=3))

    async with example("feed.py", tmp_path, **place) as process:
        assert (await line(process)).startswith("1 events until ")

    with closing(sqlite3.connect(tmp_path / "feed.db")) as database:
        stored = database.execute("SELECT event FROM events ORDER BY rowid").fetchall()
    assert versions([from_json(each) for (each,) in stored]) == [1, 2, 3]


async def test_one_key_waits_for_events_in_a_limited_number_of_requests(servers: TestServers) -> None:
    async with limited(servers, Limits(at_once=1)) as courier, reader(courier) as client:
        async with client.stream("GET", "/events/stream"):
            refused, without_waiting = await client.get("/events?wait=1"), await client.get("/events")
        await asyncio.sleep(0.2)
        free_again = await client.get("/events?wait=1")

    assert (refused.status_code, without_waiting.status_code, free_again.status_code) == (429, 200, 200)


async def test_a_key_for_types_that_no_event_has_is_refused(courier: Running) -> None:
    with pytest.raises(AskFailed, match=r"No event has the type scores\.\*"):
        await add_key(courier, "lead.*", "scores.*")


async def test_every_reply_is_described(courier: Running) -> None:
    await courier.receive(scored("335001", 1))
    paths = [("GET", "/events"), ("GET", "/events/stream"), ("GET", f"/events/{UUID(int=1)}")]
    async with reader(courier) as client:
        description = await described(client)
        [event] = (await client.get("/events")).json()
        await client.get(f"/events/{event['id']}")
        await remove_all(courier)
        for _, path in paths[:2]:
            for query in (
                "types=rep.changed",
                "after=1000",
                "after=-1",
                "types=%00",
                "type=lead.*",
                "after=1&after=2e9",
            ):
                await client.get(f"{path}?{query}")
        await client.get("/events?wait=31&limit=501")
        await client.get("/events/stream", headers={"Last-Event-ID": "x"})
        await client.get("/events")
        async with client.stream("GET", "/events/stream"):
            pass
        await client.get(f"/events/{event['id']}")  # it was removed
        async with courier.app.begin() as tx:
            await tx.run("DELETE FROM feed_keys")
        await client.get(f"/events/{event['id']}")
        await fail_in_every_way(courier, client, paths)

    ours = ("readEvents", "followEvents", "readEvent")
    assert description.seen == {each for each in description.replies if each[0] in ours}


async def test_generated_requests_get_what_is_described(servers: TestServers) -> None:
    async with limited(servers, Limits(wait_seconds=0)) as courier:
        await courier.receive(scored("335001", 1))
        headers = await add_key(courier)
        courier.app.rates.per_second, courier.app.rates.burst = 1_000_000, 1_000_000
        base = f"http://127.0.0.1:{courier.app.http_port}"

        sent = await asyncio.to_thread(fuzz, base, headers, lambda reply: None, only=("readEvents",))

    assert sent >= EXAMPLES
