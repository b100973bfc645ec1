"""Does the HTTP surface keep its promises to sources?"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.contracts.events import Candidate
from shared.contracts.ingest import AddSource, RemoveSource, SubmitPostings
from shared.contracts.keys import hash_of
from shared.contracts.matcher import Outcomes, OutcomesOfSource, PostingOutcome
from shared.contracts.matcher_replies import SourceOutcome
from shared.contracts.refusals import AskFailed
from tests.support.answering import answering
from tests.support.described import described, fail_in_every_way
from tests.support.keys import a_key
from tests.support.running import Running, run_service
from tests.support.servers import TestServers

POSTING = {
    "source_posting_id": "P1",
    "title": "MDS Nurse",
    "employer_name": "Larkmoor",
    "seen_at": "2026-07-01T08:00:00Z",
}


@pytest.fixture
async def client(ingest: Running) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of the source `board`."""
    key = await a_key(ingest.cli, AddSource, "board")
    base = f"http://127.0.0.1:{ingest.app.http_port}"
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
        await described(client)
        yield client


async def test_a_new_posting_gets_201_and_an_existing_one_200(client: httpx.AsyncClient) -> None:
    new = await client.post("/postings", json=POSTING)
    known = await client.post("/postings", json={**POSTING, "source": "board"})

    assert (new.status_code, known.status_code) == (201, 200)
    assert new.json()["posting_id"] == known.json()["posting_id"]
    assert new.headers["X-Request-Id"] != known.headers["X-Request-Id"]


async def test_an_invalid_posting_gets_an_error_for_each_field(client: httpx.AsyncClient) -> None:
    reply = await client.post("/postings", json={**POSTING, "title": "", "source": "another", "state": "N"})

    assert reply.status_code == 422
    assert reply.json()["errors"].keys() == {"title", "state", "source"}


@pytest.mark.parametrize(
    "method, path, status", [("GET", "/nowhere", 404), ("GET", "/postings", 405), ("POST", "/openapi.json", 405)]
)
async def test_an_unknown_path_gets_json_with_a_request_id(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    reply = await client.request(method, path, headers={"X-Request-Id": "mine-2"})

    assert (reply.status_code, reply.headers["X-Request-Id"]) == (status, "mine-2")
    assert path in reply.json()["message"]
    assert ("Allow" in reply.headers) == (status == 405)


async def test_a_list_gets_a_result_for_each_posting(client: httpx.AsyncClient) -> None:
    reply = await client.post("/postings", json=[POSTING, {}, 7])

    assert reply.status_code == 200
    assert [r["status"] for r in reply.json()["results"]] == [201, 422, 422]


@pytest.mark.parametrize(
    "status, sent",
    [
        (400, {"content": b'{"title": '}),
        (400, {"content": b"\xff\xfe"}),
        (400, {"content": b"[" * 100_000}),
        (413, {"content": b'"' + b"x" * 8_000_001 + b'"'}),
        (422, {"json": []}),
        (422, {"json": [POSTING] * 1_001}),
        (400, {"content": b'{"title": "\\ud800"}'}),
        (422, {"content": b'{"title": "\\u0000"}'}),
        (401, {"json": POSTING, "headers": {"Authorization": "Bearer unknown"}}),
        (401, {"json": POSTING, "headers": {"Authorization": ""}}),
    ],
)
async def test_an_invalid_request_is_refused_with_a_reason(
    client: httpx.AsyncClient, status: int, sent: dict[str, Any]
) -> None:
    reply = await client.post("/postings", **sent)

    assert reply.status_code == status
    assert reply.headers["X-Request-Id"]
    assert reply.json()


async def test_a_key_is_accepted_in_either_header_and_a_replaced_one_is_not(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    key = await a_key(ingest.cli, AddSource, "board")

    old = await client.post("/postings", json=POSTING)
    new = await client.post("/postings", json=POSTING, headers={"Authorization": "", "X-API-Key": key})

    assert (old.status_code, new.status_code) == (401, 201)
    assert key not in str(await ingest.sql("SELECT * FROM api_keys"))


async def test_a_source_can_close_only_its_own_postings(ingest: Running, client: httpx.AsyncClient) -> None:
    own = (await client.post("/postings", json=POSTING)).json()["posting_id"]
    others = await ingest.ask(SubmitPostings(source="csv-drop", postings=[POSTING], actor="ann"))

    closed = await client.post(f"/postings/{own}/close")
    wrong = await client.post(f"/postings/{own}/close", json={"closed_on": "soon"})
    foreign = await client.post(f"/postings/{others.results[0].posting_id}/close")
    nonsense = await client.post("/postings/17/close")

    assert (closed.status_code, closed.json()["closed_on"]) == (200, "2026-07-01")
    assert (wrong.status_code, foreign.status_code, nonsense.status_code) == (422, 404, 404)


async def test_a_postings_outcome_is_unknown_while_the_matcher_is_unavailable(client: httpx.AsyncClient) -> None:
    own = (await client.post("/postings", json=POSTING)).json()["posting_id"]

    reply = await client.get(f"/postings/{own}", headers={"X-Request-Id": "mine-1"})

    assert (reply.status_code, reply.json()["role_family"]) == (200, "mds_coordinator")
    assert reply.json()["outcome"]["outcome"] == "unknown"
    assert reply.headers["X-Request-Id"] == "mine-1"


async def test_a_source_sees_what_became_of_its_posting_and_not_how_that_was_decided(
    servers: TestServers, client: httpx.AsyncClient
) -> None:
    own = (await client.post("/postings", json=POSTING)).json()["posting_id"]
    other = Candidate(facility_id="335002", name="Tern Point", city="Albany", confidence=0.4)
    decided = PostingOutcome(
        posting_id=UUID(own),
        outcome="matched",
        facility_id="335001",
        confidence=0.97,
        method="name",
        reason="accepted",
        candidates=[other],
        decided_by="ann",
    )

    with answering(servers, {Outcomes: lambda _: [decided]}):
        reply = await client.get(f"/postings/{own}")

    assert reply.json()["outcome"] == {"outcome": "matched", "facility_id": "335001"}


async def test_the_surface_describes_itself(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()

    postings = {"/postings", "/postings/{posting_id}", "/postings/{posting_id}/close"}
    assert described["paths"].keys() == {*postings, "/outcomes"}
    assert {"title", "employer_name"} <= set(described["components"]["schemas"]["Posting"]["required"])


def outcomes(asked: OutcomesOfSource) -> list[SourceOutcome]:
    if asked.after:
        raise AskFailed("begin again", 409)
    no_one: dict[str, Any] = {"facility_id": None, "facility_name": None, "closed_on": None, "changed_at": None}
    return [SourceOutcome(no=1, source_posting_id="P1", posting_id=UUID(int=1), outcome="queued", **no_one)]


async def test_every_reply_is_as_described_and_every_described_reply_is_sent(
    ingest: Running, servers: TestServers, client: httpx.AsyncClient
) -> None:
    description = await described(client)
    own = (await client.post("/postings", json=POSTING)).json()["posting_id"]
    too_long = b'"' + b"x" * 8_000_001 + b'"'
    bodies: list[Any] = [POSTING, [POSTING, {}], {}, [], [POSTING] * 1_001, 7]
    for body in bodies:
        await client.post("/postings", json=body)
    for coding in ("gzip", "br"):
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": coding}
        await client.post("/postings", content=gzip.compress(b"{}"), headers=headers)
    for path in ("/postings", f"/postings/{own}/close"):
        for content in (b"{", too_long):
            await client.post(path, content=content)
    closings: list[Any] = [{"closed_on": "soon"}, {"closed_on": "2031-01-01"}, {"on": "2026-07-01"}, [], None]
    for body in closings:
        await client.post(f"/postings/{own}/close", json=body)
    for posting_id in (own, "17"):
        await client.get(f"/postings/{posting_id}")
        await client.post(f"/postings/{posting_id}/close")
    with answering(servers, {OutcomesOfSource: outcomes}):
        for query in ("", "?after=9", "?after=x"):
            await client.get(f"/outcomes{query}")
    operations = [
        ("POST", "/postings"),
        ("GET", f"/postings/{own}"),
        ("POST", f"/postings/{own}/close"),
        ("GET", "/outcomes"),
    ]
    await fail_in_every_way(ingest, client, operations)

    assert description.seen == description.replies


async def test_a_denied_site_gets_no_key(ingest: Running) -> None:
    with pytest.raises(Exception, match="are not accepted"):
        await ingest.ask(AddSource(name="LinkedIn", key_hash=hash_of("key"), actor="ann"))


async def test_a_removed_source_cannot_submit_and_its_postings_remain(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/postings", json=POSTING)
    await ingest.ask(RemoveSource(name="board", actor="ann"))

    again = await client.post("/postings", json=POSTING)

    assert (answer.status_code, again.status_code) == (201, 401)
    assert len(await ingest.sql("SELECT posting_id FROM postings")) == 1


async def test_a_source_over_its_rate_gets_a_retry_after_and_others_are_served(
    servers: TestServers,
) -> None:
    async with run_service("ingest", servers, http_rate=0.5, http_burst=3) as ingest:
        keys = [await a_key(ingest.cli, AddSource, name) for name in ("greedy", "modest")]
        greedy, modest = ({"Authorization": f"Bearer {key}"} for key in keys)
        base = f"http://127.0.0.1:{ingest.app.http_port}"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            replies = [await client.post("/postings", json=POSTING, headers=greedy) for _ in range(4)]
            other = await client.post("/postings", json=POSTING, headers=modest)
            health = [(await client.get("/livez", headers=greedy)).status_code for _ in range(5)]

    assert [reply.status_code for reply in replies] == [201, 200, 200, 429]
    assert replies[-1].headers["Retry-After"] == "2"
    assert replies[-1].headers["X-Request-Id"]
    assert replies[-1].json()["retry_after"] == 2
    assert (other.status_code, set(health)) == (201, {200})


async def test_many_wrong_keys_do_not_block_a_source(client: httpx.AsyncClient, ingest: Running) -> None:
    ingest.app.rates.per_second, ingest.app.rates.burst = 0.001, 2

    wrong = [await client.post("/postings", headers={"Authorization": f"Bearer {n}"}) for n in range(6)]
    right = await client.post("/postings", json=POSTING)

    assert {reply.status_code for reply in wrong} == {401}
    assert right.status_code == 201
