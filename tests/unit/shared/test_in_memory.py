"""How does each service handle invalid requests, and describe itself, without servers?"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest

from shared.application import Application
from shared.contracts import topology
from shared.contracts.envelope import Malformed
from shared.contracts.events import PostingSeen
from shared.service import Router, Service
from shared.settings import Settings
from shared.storage.database import Tx
from tests.support.in_memory import in_memory


def declared(service: str) -> Service:
    found: Service = import_module(f"services.{service}.app").service
    return found


@cache
def described(service: str) -> dict[str, Any]:
    return Application(declared(service), Settings()).describe()


@pytest.mark.parametrize("service", topology.SERVICES)
async def test_every_request_with_an_unknown_field_is_refused(service: str) -> None:
    async with in_memory(declared(service)) as running:
        requests = running.application.service_broker.requests
        answers = await asyncio.gather(*(running.ask(subject, {"no_such_field": 1}) for subject in requests))

    assert len(answers) > 10
    assert {answer.code for answer in answers} == {400}
    assert all("is not a field here" in answer.content["fields"]["no_such_field"] for answer in answers)


@pytest.mark.parametrize("service", topology.SERVICES)
async def test_a_request_that_is_not_json_is_refused(service: str) -> None:
    async with in_memory(declared(service)) as running:
        answer = await running.ask(f"{service}.ask.run_job", b"{half")

    assert (answer.code, list(answer.content["fields"])) == (400, ["request"])


@pytest.mark.parametrize("service", [each for each in topology.SERVICES if topology.CONSUMES[each]])
async def test_every_handler_of_a_service_refuses_a_malformed_event(service: str) -> None:
    async with in_memory(declared(service)) as running:
        for event in topology.CONSUMES[service]:
            with pytest.raises(Malformed):
                await running.send(event.SUBJECT, {"ce-id": "no id"}, b"{}")


async def test_the_reply_to_a_failed_question_reveals_nothing() -> None:
    router = Router()

    @router.events(PostingSeen)
    async def handle(events: list[PostingSeen], tx: Tx) -> None: ...

    async with in_memory(Service.of("matcher", router)) as running:
        answer = await running.ask("matcher.ask.status")

    assert answer.code in (500, 503)
    assert "Traceback" not in answer.content["message"]


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_describes_every_event_and_question_with_its_payload(service: str) -> None:
    document = described(service)

    addresses = {channel["address"] for channel in document["channels"].values()}
    requests = set(Application(declared(service), Settings()).service_broker.requests)
    events = {event.SUBJECT for event in (*topology.PUBLISHES[service], *topology.CONSUMES[service])}
    assert addresses - {None} == requests | events | {f"dead.{service}"}
    assert all(message["payload"] for message in document["components"]["messages"].values())
    assert {reference for reference in references(document) if not resolves(document, reference)} == set()


@pytest.mark.parametrize("service", topology.SERVICES)
def test_questions_are_described_with_their_replies_and_events_with_their_headers(service: str) -> None:
    document = described(service)
    requests = Application(declared(service), Settings()).service_broker.requests
    messages = document["components"]["messages"]

    for operation in document["operations"].values():
        channel = document["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
        (message,) = (messages[each["$ref"].rpartition("/")[2]] for each in channel["messages"].values())
        is_request = channel["address"] in requests
        assert ("reply" in operation, "headers" in message) == (is_request, not is_request), channel["address"]


def test_a_description_is_the_same_from_run_to_run() -> None:
    look = "import json; from services.matcher.app import app; print(json.dumps(app().describe()))"
    seeds = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]

    one, other = (
        subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, env=each).stdout
        for each in seeds
    )

    assert json.loads(one)
    assert one == other


def test_faststream_is_pinned_to_the_release_that_the_code_relies_on() -> None:
    assert version("faststream") == "0.7.8"


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def resolves(document: dict[str, Any], reference: str) -> bool:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found is not None
