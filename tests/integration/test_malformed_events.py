"""Does every malformed event become a dead letter, without crashing a consumer or changing data?"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from shared.contracts import topology
from shared.contracts.envelope import new_event_id
from shared.contracts.events import Event
from shared.contracts.kernel import DeadLetters, Status
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

SEEDS = 4
WRONG: list[Any] = [None, True, -1, 10**400, 1.5, "", "no", [], [[]], {}, {"a": {}}, "\x00", "\ud800", "9" * 5_000]
BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"\xff\xfe\x00",
    b"[" * 50_000,
    b'{"facility_id": NaN}',
    b'{"a":1}{"b":2}',
    b"7",
]

Message = tuple[dict[str, str], bytes]


def sample(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """The simplest value that a JSON Schema allows."""
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], definitions)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        return {name: sample(properties[name], definitions) for name in schema.get("required", [])}
    texts = {
        "date": "2026-06-30",
        "uuid": "00000000-0000-4000-8000-000000000001",
        "date-time": "2026-06-30T00:00:00Z",
        "time": "09:00:00",
    }
    plain = {"integer": 1, "number": 1, "boolean": False, "array": [], "null": None}
    kind = schema.get("type", "string")
    return plain[kind] if kind in plain else texts.get(schema.get("format", ""), "1")


def complete(event: type[Event]) -> dict[str, Any]:
    schema = event.model_json_schema()
    found: dict[str, Any] = sample(schema, schema.get("$defs", {}))
    return found


def headers(event: type[Event]) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-id": str(new_event_id()),
        "ce-source": "/test",
        "ce-type": event.SUBJECT,
        "ce-time": "2026-07-01T12:00:00+00:00",
    }


def valid(event: type[Event], body: dict[str, Any]) -> bool:
    try:
        event.model_validate_json(json.dumps(body))
    except ValueError:
        return False
    return True


def malformed(event: type[Event], chance: random.Random) -> Iterator[Message]:
    """Messages with errors in the body, in the fields and in the headers."""
    yield headers(event), chance.choice(BODIES)
    while valid(event, body := {**complete(event), chance.choice(list(complete(event))): chance.choice(WRONG)}):
        continue
    yield headers(event), json.dumps(body).encode()
    missing, good = chance.choice(["ce-id", "ce-source", "ce-time", "ce-type"]), json.dumps(complete(event)).encode()
    yield {name: value for name, value in headers(event).items() if name != missing}, good
    name, wrong = chance.choice([("ce-id", "1"), ("ce-time", "noon"), ("ce-type", "another"), ("ce-id", "%00")])
    yield headers(event) | {name: wrong}, good
    structured = {"Content-Type": "application/cloudevents+json", "ce-id": headers(event)["ce-id"]}
    yield structured, chance.choice([*BODIES, json.dumps({"id": [], "data": complete(event)}).encode()])


async def counts(running: Running) -> dict[str, int]:
    """The number of rows in each table of the service itself."""
    tables = import_module(f"services.{running.app.name}.tables").metadata.tables
    return {name: (await running.sql(f"SELECT count(*) AS n FROM {name}"))[0]["n"] for name in tables}


async def send(running: Running, event: type[Event], messages: list[Message]) -> None:
    owner = await running.broker(topology.owner_of(event))
    for head, body in messages:
        await owner.stream.publish(event.SUBJECT, body, headers=head)


PROCESSED = "SELECT 1 FROM inbox WHERE event_id::text NOT IN (SELECT event_id FROM dead_letters)"
CONSUMERS = [service for service in topology.SERVICES if topology.CONSUMES[service]]


@pytest.mark.parametrize("event", [e for events in topology.CONSUMES.values() for e in events])
def test_the_simplest_event_is_valid(event: type[Event]) -> None:
    assert valid(event, complete(event))


@pytest.mark.parametrize("service", CONSUMERS)
async def test_a_malformed_event_becomes_a_dead_letter_and_changes_nothing(servers: TestServers, service: str) -> None:
    async with run_service(service, servers, retry_delays=()) as running:
        before, sent = await counts(running), 0
        for event in topology.CONSUMES[service]:
            for seed in range(SEEDS):
                messages = list(malformed(event, random.Random(f"{event.SUBJECT} {seed}")))
                await send(running, event, messages)
                sent += len(messages)
        await running.idle()

        letters = await running.sql("SELECT error FROM dead_letters")
        published = await running.sql(
            "SELECT DISTINCT subject FROM outbox WHERE subject NOT IN ('pack.published', 'rep.changed')"
        )
        processed = await running.sql(
            "SELECT 1 FROM inbox WHERE event_id::text NOT IN (SELECT event_id FROM dead_letters)"
        )
        after, status = await counts(running), await running.ask(Status())

    assert len(letters) == sent
    assert [letter["error"] for letter in letters if not letter["error"].startswith("Malformed")] == []
    assert published == [{"subject": f"dead.{service}"}]
    assert (processed, after, status.problems) == ([], before, [])


HOSTILE: list[Callable[[Any], Any]] = [lambda _: "a\x00b", lambda _: 2**63, lambda _: "x" * 100_000, lambda _: -1]


@pytest.mark.parametrize("service", CONSUMERS)
async def test_values_that_no_table_accepts_stop_no_consumer_or_other_event(servers: TestServers, service: str) -> None:
    async with run_service(service, servers, retry_delays=()) as running:
        good_ids = []
        for event in topology.CONSUMES[service]:
            bodies = [{**complete(event), name: make(name)} for name in complete(event) for make in HOSTILE]
            hostile = [(headers(event), json.dumps(body).encode()) for body in bodies if valid(event, body)]
            good = (headers(event), json.dumps(complete(event)).encode())
            good_ids.append(good[0]["ce-id"])
            await send(running, event, [*hostile, good])
        await running.idle()

        status = await running.ask(Status())
        processed = {str(row["event_id"]) for row in await running.sql("SELECT event_id FROM inbox")}
        dead = {letter.event_id: letter.error for letter in await running.ask(DeadLetters())}

    assert status.problems == []
    assert {one: dead.get(one) for one in good_ids if one not in processed} == {}
