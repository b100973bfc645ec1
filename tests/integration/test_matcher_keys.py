"""Who may reconcile lists over HTTP, how often, and are the keys protected?"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import requests
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.kernel import Status
from shared.contracts.matcher import AddKey, Keys, RemoveKey
from shared.contracts.refusals import AskFailed
from tests.integration.test_matcher import a_facility
from tests.integration.test_matcher_reconciliation import a_query, client_of, valid
from tests.support.described import lose_keys
from tests.support.fuzzing import EXAMPLES, fuzz
from tests.support.keys import a_key
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

QUERIES = {"queries": json.dumps({"q0": a_query("Willow Bend Nursing Home", city="Albany", state="NY")})}
SURFACE = [
    ("POST", "/reconcile"),
    ("GET", "/reconcile?queries=%7B%7D"),
    ("GET", "/reconcile/suggest/entity?prefix=w"),
    ("GET", "/reconcile/suggest/property"),
    ("GET", "/reconcile/preview?id=335001"),
]


async def key_of(matcher: Running, name: str = "openrefine") -> str:
    return await a_key(matcher.cli, AddKey, name)


@pytest.mark.parametrize("method, path", SURFACE)
async def test_every_request_without_a_valid_key_is_refused(matcher: Running, method: str, path: str) -> None:
    async with client_of(matcher) as without_key, client_of(matcher, "made-up") as with_wrong_key:
        replies = [
            await without_key.request(method, path, data=QUERIES if method == "POST" else None),
            await with_wrong_key.request(method, path, data=QUERIES if method == "POST" else None),
            await without_key.request(method, f"{path}{'&' if '?' in path else '?'}key=made-up"),
        ]

    assert {reply.status_code for reply in replies} == {401}
    assert all(reply.headers["WWW-Authenticate"] == "Bearer" and reply.headers["X-Request-Id"] for reply in replies)


async def test_a_key_is_accepted_in_either_header_and_in_the_url(matcher: Running) -> None:
    await matcher.receive(a_facility())
    key = await key_of(matcher)
    ways: list[dict[str, Any]] = [
        {"headers": {"X-API-Key": key}},
        {"headers": {"Authorization": f"Bearer {key}"}},
        {"params": {"key": key}},
    ]

    async with client_of(matcher) as http:
        replies = [await http.post("/reconcile", data=QUERIES, **way) for way in ways]

    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert {reply.json()["q0"]["result"][0]["id"] for reply in replies} == {"335001"}


async def test_keys_are_stored_as_hashes_and_a_new_one_replaces_the_old_one(matcher: Running) -> None:
    old, new = await key_of(matcher), await key_of(matcher)

    async with client_of(matcher) as http:
        replies = [await http.post("/reconcile", params={"key": key}, data=QUERIES) for key in (old, new)]

    assert [reply.status_code for reply in replies] == [401, 200]
    assert [each.name for each in await matcher.ask(Keys())] == ["openrefine"]
    stored = str(await matcher.sql("SELECT * FROM api_keys"))
    assert old not in stored
    assert new not in stored


async def test_a_revoked_key_is_refused(matcher: Running) -> None:
    kept, lost = await key_of(matcher, "kept"), await key_of(matcher, "lost")

    await matcher.ask(RemoveKey(name="lost", actor="ann"))

    async with client_of(matcher) as http:
        replies = [await http.post("/reconcile", params={"key": key}, data=QUERIES) for key in (lost, kept)]
    assert [reply.status_code for reply in replies] == [401, 200]
    with pytest.raises(AskFailed, match=r"lost has no key\. Holders of keys: kept"):
        await matcher.ask(RemoveKey(name="lost", actor="ann"))


async def test_the_manifest_is_public_and_describes_the_authentication(matcher: Running) -> None:
    async with client_of(matcher) as http:
        reply = await http.get("/reconcile")

    valid(reply.json(), "manifest.json")
    assert reply.json()["authentication"] == {"type": "apiKey", "name": "X-API-Key", "in": "header"}


async def test_links_of_the_manifest_contain_the_key_of_the_url(matcher: Running) -> None:
    """OpenRefine cannot set a header: it uses the given URL and the links of the manifest."""
    await matcher.receive(a_facility())
    key = await key_of(matcher)
    async with client_of(matcher) as http:
        manifest = (await http.get("/reconcile", params={"key": key})).json()
        wrong = await http.get("/reconcile", params={"key": "made-up"})

        entity = manifest["suggest"]["entity"]
        suggested = await http.get(f"{entity['service_url']}{entity['service_path']}&prefix=will")
        shown = await http.get(manifest["preview"]["url"].replace("{{id}}", "335001"))

    valid(manifest, "manifest.json")
    assert "authentication" not in manifest
    assert key not in manifest["view"]["url"]  # the reconciled list contains this URL
    assert [each["id"] for each in suggested.json()["result"]] == ["335001"]
    assert "Willow Bend" in shown.text
    assert wrong.status_code == 401


async def test_a_page_of_another_origin_may_send_a_key_and_read_a_refusal(matcher: Running) -> None:
    origin = {"Origin": "http://127.0.0.1:3333"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    async with client_of(matcher) as http:
        preflight = await http.options("/reconcile", headers={**origin, **asked})
        refused = await http.post("/reconcile", data=QUERIES, headers=origin)

    assert preflight.status_code == 200
    assert "x-api-key" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, "*")


async def test_a_batch_costs_by_its_queries_and_a_client_over_its_rate_does_not_slow_another(
    servers: TestServers,
) -> None:
    many = {"queries": json.dumps({str(n): a_query("Willow Bend") for n in range(400)})}
    async with run_service("matcher", servers, http_rate=0.01, http_burst=3) as matcher:
        greedy, modest = [client_of(matcher, await key_of(matcher, name)) for name in ("greedy", "modest")]
        async with greedy, modest:
            large = [await greedy.post("/reconcile", data=many) for _ in range(2)]
            small = await greedy.post("/reconcile", data=QUERIES)
            other = await modest.post("/reconcile", data=many)
            health = [(await greedy.get(path)).status_code for path in ("/livez", "/metrics") for _ in range(3)]

    assert [reply.status_code for reply in large] == [200, 429]
    assert int(large[1].headers["Retry-After"]) > 60
    assert (small.status_code, other.status_code, set(health)) == (200, 200, {200})


async def test_a_long_or_expensive_request_costs_more_even_if_it_is_refused(
    servers: TestServers,
) -> None:
    long = "queries=" + "%5B" * 600_000
    async with run_service("matcher", servers, http_rate=0.01, http_burst=8) as matcher:
        wordy, curious = [client_of(matcher, await key_of(matcher, name)) for name in ("wordy", "curious")]
        async with wordy, curious:
            lists = [await wordy.post("/reconcile", content=long) for _ in range(2)]
            suggested = [await curious.get("/reconcile/suggest/entity?prefix=w") for _ in range(21)]

    assert [reply.status_code for reply in lists] == [400, 429]
    assert [reply.status_code for reply in suggested] == [200] * 20 + [429]


async def test_a_key_in_a_url_is_in_no_log(matcher: Running) -> None:
    key = await key_of(matcher)
    await lose_keys(matcher)

    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.format_exc_info]
    ) as logs:
        async with client_of(matcher) as http:
            reply = await http.post("/reconcile", params={"key": key}, data=QUERIES)

    assert (reply.status_code, [line["event"] for line in logs]) == (500, ["http.failed"])
    assert key not in str(logs)
    assert key not in reply.text


STORED = " UNION ALL ".join(
    f"SELECT count(*) FROM {table}" for table in ("outbox", "facilities", "postings", "aliases", "verdicts", "api_keys")
)


async def test_generated_requests_get_replies_as_described_and_nothing_is_stored(matcher: Running) -> None:
    await matcher.receive(a_facility())
    key = await key_of(matcher)
    before = await matcher.sql(STORED)
    matcher.app.rates.per_second, matcher.app.rates.burst = 1_000_000, 1_000_000
    answered: set[int] = set()

    sent = await asyncio.to_thread(
        fuzz,
        f"http://127.0.0.1:{matcher.app.http_port}",
        {"X-API-Key": key},
        lambda reply: answered.add(reply.status_code),
    )

    assert sent >= 4 * EXAMPLES
    assert answered >= {200, 400, 404}
    assert await matcher.sql(STORED) == before
    assert (await matcher.ask(Status())).problems == []


_texts = st.text(max_size=400) | st.sampled_from(["Willow Bend Nursing Home", "Albany", "NY", "335001", ""])
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=6,
)
_property = st.fixed_dictionaries(
    {}, optional={"pid": st.sampled_from(["city", "state", "zip", "ccn", "phone"]) | _json, "v": _json}
)
_query = _json | st.fixed_dictionaries(
    {}, optional={"query": _texts | _json, "limit": _json, "properties": st.lists(_property, max_size=4) | _json}
)


async def test_every_query_of_every_batch_gets_a_result(matcher: Running) -> None:
    await matcher.receive(a_facility())
    key = await key_of(matcher)
    matcher.app.rates.per_second, matcher.app.rates.burst = 1_000_000, 1_000_000
    url = f"http://127.0.0.1:{matcher.app.http_port}/reconcile"

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(_texts, _query, max_size=5).filter(lambda batch: batch.keys() != {"queries"}))
    def every_query_is_answered(queries: dict[str, Any]) -> None:
        reply = session.post(url, data={"queries": json.dumps(queries)}, headers={"X-API-Key": key})

        assert reply.status_code == 200, reply.text
        assert reply.json().keys() == queries.keys()
        valid(reply.json(), "reconciliation-result-batch.json")

    with requests.Session() as session:
        session.trust_env = False
        await asyncio.to_thread(every_query_is_answered)
