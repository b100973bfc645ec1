"""Can a program manage webhooks over HTTP as an operator does, with a key for just that?"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.courier.app import service_of
from services.courier.usecases.shortening import shorten
from shared.contracts.courier import Deliveries, Webhook, WebhookDetails, Webhooks, WebhookSecret
from shared.contracts.courier_feeds import AddFeedKey, FeedKeys, RemoveFeedKey
from shared.contracts.courier_webhook_keys import AddWebhookKey, RemoveWebhookKey, WebhookKeys
from shared.contracts.envelope import new_event_id
from shared.contracts.keys import hash_of, new_key
from shared.contracts.refusals import AskFailed
from shared.storage.retention import earliest_id_within
from tests.support.described import described, fail_in_every_way
from tests.support.fuzzing import EXAMPLES, fuzz
from tests.support.outside import answer
from tests.support.receiving import Receiver, receiver
from tests.support.running import Running, run_service
from tests.support.sequencing import listed, scored
from tests.support.servers import TestServers

LONG = os.environ.get("LONG") == "1"
ONE = "/webhooks/crm"
PERSONAL = "email.replied"


@pytest_asyncio.fixture
async def there(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    async with receiver() as found:
        monkeypatch.setenv("PIPELINE_OUTBOUND_ALLOW", found.address)
        monkeypatch.setenv("PIPELINE_SIMULATION", "1")
        yield found


@pytest_asyncio.fixture
async def courier(servers: TestServers, there: Receiver) -> AsyncIterator[Running]:
    async with run_service("courier", servers, service_of()) as running:
        yield running


async def add_key(courier: Running, name: str = "terraform", personal: bool = False) -> dict[str, str]:
    """The header of a new key."""
    key = new_key()
    await courier.cli.ask(AddWebhookKey(name=name, key_hash=hash_of(key), personal=personal, actor="ann"))
    return {"Authorization": f"Bearer {key}"}


@asynccontextmanager
async def manager(
    courier: Running, name: str = "terraform", personal: bool = False
) -> AsyncIterator[httpx.AsyncClient]:
    """A program with a key to manage webhooks."""
    base, headers = f"http://127.0.0.1:{courier.app.http_port}", await add_key(courier, name, personal)
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as client:
        yield client


def wanted(there: Receiver, *types: str, **fields: Any) -> dict[str, Any]:
    return {"url": there.url, "types": list(types) or ["score.changed"], **fields}


def operations(document: dict[str, Any]) -> set[str]:
    """The ids of the operations about webhooks."""
    paths = [found for path, found in document["paths"].items() if path.startswith("/webhooks")]
    return {operation["operationId"] for found in paths for operation in found.values()}


async def test_a_webhook_that_a_program_adds_is_the_one_that_the_command_line_shows(
    courier: Running, there: Receiver
) -> None:
    async with manager(courier) as client:
        added = await client.put(ONE, json=wanted(there, ordered=True))
        changed = await client.put(ONE, json=wanted(there, "lead.*"))
        seen, all_of_them = await client.get(ONE), await client.get("/webhooks")
        secret = await client.get(f"{ONE}/secret")

    assert (added.status_code, changed.status_code) == (201, 200)
    ours = await courier.ask(WebhookDetails(name="crm"))
    assert Webhook.model_validate(seen.json()) == ours
    assert (ours.types, ours.ordered, ours.added_by) == (["lead.*"], False, "terraform")
    assert all_of_them.json() == [seen.json()]
    assert secret.json()["secret"] == (await courier.ask(WebhookSecret(name="crm"))).secret
    assert secret.headers["Cache-Control"] == "no-store"


async def test_a_program_tests_pauses_resumes_replays_and_removes_a_webhook(courier: Running, there: Receiver) -> None:
    async with manager(courier) as client:
        await client.put(ONE, json=wanted(there))
        tested = await client.post(f"{ONE}/test")
        await courier.idle()
        result = await client.get(tested.headers["Location"])
        paused = await client.post(f"{ONE}/pause", json={"reason": "their database moves"})
        await courier.receive(scored("335001", 1))
        meanwhile = len(there.got)
        resumed = await client.post(f"{ONE}/resume")
        await courier.idle()
        once_more = await client.post(f"{ONE}/replay", json={"after": "0"})
        await courier.idle()
        removed, again = await client.delete(ONE), await client.delete(ONE)

    assert (tested.status_code, result.json()["state"], result.json()["status"]) == (202, "delivered", 204)
    assert (paused.json()["state"], paused.json()["paused_by"], meanwhile) == ("paused", "terraform", 1)
    assert (resumed.json()["state"], once_more.json()["events"]) == ("working", 1)
    assert [each.event["type"] for each in there.got] == ["webhook.test", "score.changed", "score.changed"]
    assert (removed.status_code, removed.content, again.status_code) == (204, b"", 404)
    assert await courier.ask(Webhooks()) == []


async def test_deliveries_are_read_page_by_page(courier: Running, there: Receiver) -> None:
    there.answer = lambda got: answer(status=500 if got.event["subject"] == "335003" else 204)
    async with manager(courier) as client:
        await client.put(ONE, json=wanted(there))
        await courier.receive(*(scored(f"33500{n}", 1) for n in range(1, 6)))
        found, address = [], f"{ONE}/deliveries?limit=2&states=delivered,failed"
        while address:
            page = await client.get(address)
            found += page.json()
            address = page.links.get("next", {}).get("url", "")
        waiting = await client.get(f"{ONE}/deliveries?states=waiting")

    delivered = await courier.ask(Deliveries(name="crm", states=["delivered"]))
    assert [each["delivery"] for each in found] == [each.delivery for each in delivered]
    assert len(found) == 4
    assert [each["key"] for each in waiting.json()] == ["335003"]


async def test_a_request_that_is_repeated_with_its_idempotency_key_has_one_effect(
    courier: Running, there: Receiver
) -> None:
    """A secret that is rotated twice by mistake would end the one that the receiver has."""
    async with manager(courier) as client:
        await client.put(ONE, json=wanted(there))
        before = (await client.get(f"{ONE}/secret")).json()["secret"]
        lost, again = [await client.post(f"{ONE}/rotate", headers={"Idempotency-Key": "monday"}) for _ in range(2)]
        secret = (await client.get(f"{ONE}/secret")).json()
        await client.post(f"{ONE}/rotate", headers={"Idempotency-Key": "tuesday"})

    assert lost.content == again.content
    assert (secret["previous"], lost.json()["secret_version"]) == (before, 2)
    assert (await courier.ask(WebhookDetails(name="crm"))).secret_version == 3


async def test_a_key_for_events_manages_no_webhooks_and_a_key_for_webhooks_reads_no_events(
    courier: Running, there: Receiver
) -> None:
    key = new_key()
    await courier.cli.ask(AddFeedKey(name="warehouse", key_hash=hash_of(key), actor="ann"))
    feed = {"Authorization": f"Bearer {key}"}
    async with manager(courier) as client:
        await client.put(ONE, json=wanted(there))
        requests = [
            (method, path)
            for path, operations in (await client.get("/openapi.json")).json()["paths"].items()
            if path.startswith("/webhooks")
            for method in operations
        ]
        refused = [
            await client.request(method, path.format(name="crm", delivery=1), headers=feed, json=wanted(there))
            for method, path in requests
        ]
        events = [(await client.get(path)).status_code for path in ("/events", "/events/stream")]

    assert len(requests) == 12
    assert {each.status_code for each in refused} == {403}
    assert "pipeline key add NAME --webhooks" in refused[0].json()["message"]
    assert events == [403, 403]
    assert (await courier.ask(WebhookDetails(name="crm"))).added_by == "terraform"


async def test_contact_data_is_only_for_keys_that_were_created_for_it(courier: Running, there: Receiver) -> None:
    async with manager(courier) as client, manager(courier, "trusted", personal=True) as trusted:
        refused = await client.put(ONE, json=wanted(there, PERSONAL, personal=True))
        added = await trusted.put(ONE, json=wanted(there, PERSONAL, "score.changed", personal=True))
        async with courier.app.begin() as tx:
            await tx.run(
                """
                INSERT INTO deliveries (webhook, position, event_id, type, key, state, attempts, answer)
                VALUES ('crm', 1, %(one)s, 'email.replied', '335001', 'delivered', 1, 'thank you, Ada'),
                    ('crm', 2, %(two)s, 'score.changed', '335001', 'delivered', 1, 'ok')
                """,
                one=new_event_id(),
                two=new_event_id(),
            )
        answers = [
            [each["answer"] for each in (await program.get(f"{ONE}/deliveries")).json()]
            for program in (client, trusted)
        ]
        alone = await client.get(f"{ONE}/deliveries/1")
        await client.put(ONE, json=wanted(there, PERSONAL))

    assert (refused.status_code, refused.json()["errors"], added.status_code) == (
        403,
        {"personal": "is not allowed"},
        201,
    )
    assert (answers, alone.json()["answer"]) == ([["ok", None], ["ok", "thank you, Ada"]], None)
    assert not (await courier.ask(WebhookDetails(name="crm"))).personal


async def test_a_name_has_a_key_for_one_thing(courier: Running) -> None:
    await add_key(courier)
    feed = AddFeedKey(name="terraform", key_hash=hash_of(new_key()), actor="ann")

    with pytest.raises(AskFailed, match="terraform has a key that manages webhooks, and a key is for one thing"):
        await courier.cli.ask(feed)
    with pytest.raises(AskFailed, match=r"terraform has no key that reads events. Holders of such keys: none\."):
        await courier.cli.ask(RemoveFeedKey(name="terraform", actor="ann"))

    assert [each.name for each in await courier.ask(WebhookKeys())] == ["terraform"]
    assert await courier.ask(FeedKeys()) == []
    await courier.cli.ask(RemoveWebhookKey(name="terraform", actor="ann"))
    await courier.cli.ask(feed)


async def test_a_key_that_is_removed_manages_nothing_more(courier: Running, there: Receiver) -> None:
    async with manager(courier) as client:
        await client.put(ONE, json=wanted(there))
        await courier.cli.ask(RemoveWebhookKey(name="terraform", actor="ann"))
        refused = await client.delete(ONE)

    assert refused.status_code == 401
    assert [each.name for each in await courier.ask(Webhooks())] == ["crm"]


async def test_an_address_inside_is_refused_as_on_the_command_line(courier: Running) -> None:
    async with manager(courier) as client:
        refused = [
            (await client.put(ONE, json={"url": url, "types": ["*"]})).json()
            for url in ("http://169.254.169.254/latest", "http://93.184.215.14/hooks", "https://[::1]/hooks")
        ]

    assert all(
        each["message"].startswith("The webhook cannot be called: ") and "url" in each["errors"] for each in refused
    )
    assert await courier.ask(Webhooks()) == []


async def test_every_reply_is_described(courier: Running, there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [
        ("PUT", ONE),
        ("DELETE", ONE),
        *(("POST", f"{ONE}/{each}") for each in ("rotate", "pause", "resume", "test", "replay")),
    ]
    looks = [("GET", f"{ONE}{each}") for each in ("", "/secret", "/deliveries", "/deliveries/-1")]
    every = [("GET", "/webhooks"), *looks, *changes]
    courier.app.rates.per_second = courier.app.rates.burst = 1_000
    async with manager(courier) as client:
        description, document = await described(client), (await client.get("/openapi.json")).json()
        for method, path in every:  # there is no such webhook, or no such name
            await client.request(method, path)
            await client.request(method, path.replace("crm", "CRM"))
        for method, path in changes:
            await client.request(method, path, content=b"{")
            await client.request(method, path, json=[])
            await client.request(method, path, json={"actor": "someone"})
            await client.request(method, path, content=b" " * 100_001)
            await client.request(method, path, headers={"Idempotency-Key": "x" * 201})
        await courier.receive(scored("335001", 1))
        async with courier.app.begin() as tx:
            await shorten(tx, earliest_id_within(timedelta(days=-1)))
        await courier.receive(listed("335001"))
        await client.put(ONE, json=wanted(there, "facility.*"))
        await client.put(ONE, json=wanted(there, "facility.*", after="0"))
        await client.put(ONE, json=wanted(there, after="1") | {"after": "1"})
        async with courier.app.begin() as tx:
            await tx.run("UPDATE removed SET position = position + 1")
        await client.put(ONE, json=wanted(there, after="1"))
        await client.post(f"{ONE}/replay", json={"after": "1"})
        await client.post(f"{ONE}/replay", json={"after": "0"})
        await client.post(f"{ONE}/replay", json={"deliveries": [5_000]})
        for name in ("rotate", "resume", "test"):
            await client.post(f"{ONE}/{name}")
        for method, path in [
            ("GET", "/webhooks"),
            *looks,
            ("GET", f"{ONE}/deliveries?limit=1"),
            ("POST", f"{ONE}/pause"),
        ]:
            await client.request(method, path)
        await client.get(f"{ONE}/deliveries?state=failed")
        await client.post(f"{ONE}/test")
        monkeypatch.setenv("PIPELINE_COURIER_SECRET_KEY", "")
        await client.put(ONE, json=wanted(there))
        await client.get(f"{ONE}/secret")
        await client.delete(ONE)
        await courier.cli.ask(RemoveWebhookKey(name="terraform", actor="ann"))
        key = client.headers["Authorization"].split()[1]
        await courier.cli.ask(AddFeedKey(name="warehouse", key_hash=hash_of(key), actor="ann"))
        for method, path in every:
            await client.request(method, path)
        await fail_in_every_way(courier, client, every)

    ours = operations(document)
    assert {each for each in description.seen if each[0] in ours} == {
        each for each in description.replies if each[0] in ours
    }


async def test_generated_requests_get_what_is_described(courier: Running, there: Receiver) -> None:
    async with manager(courier) as client:
        await client.put(ONE, json=wanted(there))
        courier.app.rates.per_second, courier.app.rates.burst = 1_000_000, 1_000_000
        every = operations((await client.get("/openapi.json")).json()) - {"removeWebhook"}
        ours = every if LONG else {"putWebhook", "replayEvents", "readDeliveries"}

        sent = await asyncio.to_thread(
            fuzz,
            str(client.base_url),
            dict(client.headers),
            lambda reply: None,
            only=sorted(ours),
            path={"name": "crm"},
        )

    assert sent >= EXAMPLES
