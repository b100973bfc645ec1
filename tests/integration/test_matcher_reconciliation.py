"""Can OpenRefine use the matcher? (Reconciliation Service API 0.2)"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7 as _DRAFT

from services.matcher.domain.directory import Employer, group_of
from services.matcher.domain.inbox import key_of_group
from services.matcher.domain.reconciliation import PATH
from services.matcher.settings import MAX_BYTES, MAX_QUERIES, trade
from shared.contracts.events import FacilityListed
from shared.contracts.matcher import AcceptGroup, AddKey, Inbox, RejectGroup
from tests.integration.test_matcher import a_facility, a_posting
from tests.support.described import described, fail_in_every_way, lose_keys
from tests.support.keys import a_key
from tests.support.running import Running

DATA = Path(os.environ.get("PIPELINE_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data"))
SCHEMAS = DATA / "reconciliation"


def valid(content: Any, schema: str) -> None:
    """Validate against the published schemas, if they are available."""
    if SCHEMAS.exists():
        validator(schema).validate(content)


@cache
def validator(schema: str) -> Draft7Validator:
    known = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    # Security definitions are those of Swagger, which the published schema only references.
    resources = [
        ("http://swagger.io/v2/schema.json", {"definitions": {"securityDefinitions": {"additionalProperties": {}}}}),
        *((each.get("$id", name), each) for name, each in known.items()),
    ]
    pairs = [(uri, Resource.from_contents(each, _DRAFT)) for uri, each in resources]
    return Draft7Validator(known[schema], registry=Registry().with_resources(pairs))


@pytest.fixture
async def http(matcher: Running) -> Any:
    await matcher.receive(a_facility(), a_facility("335002", "Tern Point Manor", city="Buffalo"))
    async with client_of(matcher, await a_key(matcher.cli, AddKey, "openrefine")) as client:
        await described(client)
        yield client


def client_of(matcher: Running, key: str = "") -> httpx.AsyncClient:
    headers = {"X-API-Key": key} if key else {}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{matcher.app.http_port}", headers=headers, trust_env=False)


async def batch(http: httpx.AsyncClient, queries: dict[str, Any]) -> Any:
    return (await http.post("/reconcile", data={"queries": json.dumps(queries)})).raise_for_status().json()


def a_query(name: str, **properties: Any) -> dict[str, Any]:
    return {"query": name, "properties": [{"pid": pid, "v": value} for pid, value in properties.items()]}


async def test_the_manifest_describes_the_service(http: httpx.AsyncClient) -> None:
    manifest = (await http.get("/reconcile")).json()

    valid(manifest, "manifest.json")
    assert "0.2" in manifest["versions"]
    shown = await http.get(manifest["preview"]["url"].replace("{{id}}", "335001"))
    assert "Willow Bend Nursing Home" in shown.text


async def test_a_query_of_a_batch_has_at_most_one_match(http: httpx.AsyncClient) -> None:
    answers = await batch(
        http,
        {
            "q0": a_query("Willow Bend Nsg Home", city="Albany", state="NY"),
            "q1": a_query("Quarrystone Elevator Repair", city="Albany", state="NY"),
            "q2": a_query("Anything", facility_id="335002"),
            "q3": a_query("Willow Bend Nursing Home"),
        },
    )

    valid(answers, "reconciliation-result-batch.json")
    assert next((c["id"], c["match"]) for c in answers["q0"]["result"]) == ("335001", True)
    assert not any(candidate["match"] for candidate in answers["q1"]["result"])
    assert [c["id"] for c in answers["q2"]["result"] if c["match"]] == ["335002"]
    assert not any(candidate["match"] for candidate in answers["q3"]["result"])


async def test_entities_properties_and_types_are_suggested(http: httpx.AsyncClient) -> None:
    entities = (await http.get("/reconcile/suggest/entity", params={"prefix": "tern"})).json()
    properties = (await http.get("/reconcile/suggest/property", params={"prefix": "ci"})).json()
    types = (await http.get("/reconcile/suggest/type", params={"prefix": ""})).json()

    valid(entities, "suggest-entities-response.json")
    valid(properties, "suggest-properties-response.json")
    valid(types, "suggest-types-response.json")
    assert [each["id"] for each in entities["result"]] == ["335002"]
    assert [each["id"] for each in properties["result"]] == ["city"]


@pytest.mark.parametrize(
    "queries",
    ["{", "[]", "7", "[" * 100_000, r'{"\ud800": {"query": "x"}}'],
)
async def test_unreadable_queries_are_refused_with_a_reason(http: httpx.AsyncClient, queries: str) -> None:
    answer = await http.post("/reconcile", data={"queries": queries})

    assert (answer.status_code, "is malformed" in answer.json()["message"]) == (400, True)


async def test_a_request_that_is_too_long_or_has_too_many_fields_is_refused(http: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:  # without a content length
        for _ in range(6):
            yield b"x" * 1_000_000

    long = await http.post("/reconcile", content=pieces())
    many = await http.post("/reconcile", data={"queries": "{}", **{f"f{n}": "x" for n in range(10)}})

    none = await http.post("/reconcile")

    assert (long.status_code, many.status_code, none.status_code) == (413, 400, 400)
    assert "send less" in long.json()["message"]


@pytest.mark.parametrize(
    "query, says",
    [
        (1, "object"),
        ({"query": ["x"] * 2 + [{}], "properties": 5}, "`properties`"),
        ({"query": {"id": [1]}}, "`query` must be a text"),
        ({"query": "x", "properties": [{"v": "Albany"}]}, "`pid`"),
        ({"query": "x", "properties": [{"pid": "city", "v": [[]]}]}, "`city` must be a text"),
        ({"query": "Willow Bend " * 100_000}, "1,200,000 characters"),
        ({"query": 10**4_000}, "`query` is not a plausible"),
        (
            {"query": "x", "properties": [{"pid": "address", "v": "1 Long Street " * 30}]},
            "`address` has 420 characters",
        ),
    ],
)
async def test_an_unreadable_query_has_a_reason_and_the_others_have_results(
    http: httpx.AsyncClient, query: Any, says: str
) -> None:
    answers = await batch(http, {"q0": query, "q1": a_query("Anything", facility_id="335002")})

    valid(answers, "reconciliation-result-batch.json")
    assert answers["q0"]["result"] == []
    assert says in answers["q0"]["message"]
    assert [c["id"] for c in answers["q1"]["result"] if c["match"]] == ["335002"]


async def test_a_batch_of_too_many_queries_is_refused_completely(http: httpx.AsyncClient) -> None:
    answer = await http.post("/reconcile", data={"queries": json.dumps({str(n): {} for n in range(1_001)})})

    assert (answer.status_code, "1,001" in answer.json()["message"]) == (413, True)


async def test_nothing_is_suggested_for_an_unknown_kind(http: httpx.AsyncClient) -> None:
    person = await http.get("/reconcile/suggest/person", params={"prefix": "t"})
    endless = await http.get("/reconcile/suggest/entity", params={"prefix": "t" * 301})

    assert (person.status_code, endless.status_code) == (404, 422)


async def test_every_reply_is_as_described_and_every_described_reply_is_sent(
    http: httpx.AsyncClient, matcher: Running
) -> None:
    description = await described(http)
    suggest, preview = f"{PATH}/suggest/entity?prefix=will", f"{PATH}/preview?id=335001"
    queries = f"{PATH}?queries=%7B%22q0%22:%7B%22query%22:%22Willow%22%7D%7D"
    for path in (PATH, queries, f"{PATH}?queries=%7B", suggest, f"{PATH}/suggest/property", f"{PATH}/suggest/type"):
        await http.get(path)
    for path in (
        f"{PATH}/suggest/else",
        f"{suggest}{'x' * 400}",
        preview,
        f"{PATH}/preview?id=none",
        f"{PATH}/preview",
    ):
        await http.get(path)
    many = json.dumps({n: {} for n in range(MAX_QUERIES + 1)})
    for sent in ('{"q0": {"query": "Willow"}, "q1": 7}', "{", many):
        await http.post(PATH, data={"queries": sent})
        await http.post(PATH, content=sent, headers={"Content-Type": "application/json"})
    await http.request("GET", f"{PATH}?queries=", content=b"x" * (MAX_BYTES + 1))
    await fail_in_every_way(matcher, http, [("GET", queries), ("POST", PATH), ("GET", suggest), ("GET", preview)])

    assert description.seen == description.replies


async def test_a_failure_has_a_reply_and_a_log_entry_with_the_request_id(
    http: httpx.AsyncClient, matcher: Running
) -> None:
    await lose_keys(matcher)

    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        answer = await http.post("/reconcile", data={"queries": '{"q0": {}}'}, headers={"X-Request-Id": "mine-3"})

    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, "mine-3")
    assert ("http.failed", "mine-3") in {(line["event"], line.get("request_id")) for line in logs}


async def test_a_newly_listed_facility_is_found(http: httpx.AsyncClient, matcher: Running) -> None:
    await matcher.receive(a_facility("335009", "Heron Lodge"))

    answers = await batch(http, {"q0": a_query("Heron Lodge", city="Albany", state="NY")})

    assert answers["q0"]["result"][0]["id"] == "335009"


async def test_decisions_of_people_apply_to_queries_as_to_postings(http: httpx.AsyncClient, matcher: Running) -> None:
    places = {"WBNH Holdings": "accepted", "Tern Point Manor": "refused"}
    await matcher.receive(*(a_posting(n, name, city="Buffalo") for n, name in enumerate(places)))
    queries = {key: a_query(name, city="Buffalo", state="NY") for name, key in places.items()}
    assert [c["match"] for c in (await batch(http, queries))["refused"]["result"]] == [True]
    (entry,) = await matcher.ask(Inbox())
    refused = key_of_group(group_of(Employer("Tern Point Manor", "Buffalo", "NY"), trade()))

    await matcher.ask(AcceptGroup(key=entry.key, facility_id="335001", actor="ann"))
    await matcher.ask(RejectGroup(key=refused, reason="not_an_snf", actor="ann"))

    answers = await batch(http, queries)
    valid(answers, "reconciliation-result-batch.json")
    assert next((c["id"], c["score"], c["match"]) for c in answers["accepted"]["result"]) == ("335001", 100, True)
    assert [(c["id"], c["match"]) for c in answers["refused"]["result"]] == [("335002", False)]


async def test_a_chain_in_its_only_city_is_a_match_and_comes_first(http: httpx.AsyncClient, matcher: Running) -> None:
    await matcher.receive(a_facility("335003", "Gorse Hill", city="Utica", chain="Heron Care Group"))

    answers = await batch(http, {"q0": a_query("Heron Care Group", city="Utica", state="NY")})

    valid(answers, "reconciliation-result-batch.json")
    assert [(c["id"], c["match"]) for c in answers["q0"]["result"]] == [("335003", True)]


@pytest.mark.parametrize("limit, count", [(1, 1), (2, 2), (0, 1), ("many", 3), (float("nan"), 3), (float("inf"), 3)])
async def test_there_are_at_most_as_many_candidates_as_requested(
    http: httpx.AsyncClient, matcher: Running, limit: object, count: int
) -> None:
    await matcher.receive(*(a_facility(f"33510{n}", f"Gorse Hill {n}", city="Utica") for n in range(3)))

    answers = await batch(http, {"q0": a_query("Gorse Hill", city="Utica", state="NY") | {"limit": limit}})

    assert len(answers["q0"]["result"]) == count
    assert sum(c["match"] for c in answers["q0"]["result"]) <= 1


async def test_a_batch_of_a_thousand_queries_gets_results(matcher: Running) -> None:
    words = "Amber Birch Cedar Dove Elm Fern Gorse Heron Iris Juniper Larch Maple Osprey Pine Quail Rowan".split()
    listed = [
        FacilityListed(
            facility_id=f"33{number:04}", version=1, listed_as_of=date(2026, 7, 1), name=f"{one} {other} Nursing Home",
            city=other, state="NY",
        )
        for number, (one, other) in enumerate((one, other) for one in words for other in words)
    ]  # fmt: skip
    await matcher.receive(*listed)
    queries = {
        f"q{n}": a_query(f"{words[n % 16]} {words[n // 16 % 16]} Rehab {n}", city=words[n // 16 % 16], state="NY")
        for n in range(1_000)
    }
    async with client_of(matcher, await a_key(matcher.cli, AddKey, "lists")) as client:
        answers = await batch(client, queries)

    assert answers.keys() == queries.keys()
