"""Is a text of any length handled at every input: a question, HTTP, an import, an event on a stream?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import httpx
import pytest
from pydantic_core import to_json

from cli.files.importing import import_postings
from shared.contracts import topology
from shared.contracts.envelope import Envelope, seal
from shared.contracts.events import Event
from shared.contracts.ingest import AddSource, SubmitPostings
from shared.contracts.kernel import Status
from shared.contracts.matcher import AddKey
from shared.contracts.refusals import AskFailed
from tests.support.keys import a_key
from tests.support.running import START, Running, run_service
from tests.support.sequencing import listed
from tests.support.servers import TestServers
from tests.support.texts import example, noise, places, put, requests_with, texts

REFUSED = (400, 404, 409, 413, 422)
TOO_MUCH = 599
"""A reply that repeats a text that is too long."""
LONG = (301, 8_191, 70_000)
AT_ONCE = 16
"""Concurrent requests."""


async def code_of(running: Running, subject: str, request: Any) -> int:
    try:
        await running.ask(subject, request)
    except AskFailed as failed:
        return failed.code if len(str(failed)) < 5_000 else TOO_MUCH
    return 200


@pytest.mark.parametrize("service", topology.SERVICES)
async def test_no_text_breaks_a_question_or_a_command(servers: TestServers, service: str) -> None:
    async with run_service(service, servers) as running:
        asked = []
        # Requests that every service handles run the same code everywhere.
        own = import_module(f"services.{service}.app").service.requests
        for ask in running.app.requests if service == "ingest" else own:
            requests = list(requests_with(ask.request.model_json_schema()))
            for start in range(0, len(requests), AT_ONCE):
                batch = requests[start : start + AT_ONCE]
                codes = await asyncio.gather(
                    *(code_of(running, ask.request.subject_at(service), each) for _, each in batch)
                )
                asked += [(ask.request.NAME, place, code) for (place, _), code in zip(batch, codes, strict=True)]

        assert [each for each in asked if each[2] not in (200, *REFUSED)] == []
        assert len(asked) > 20
        assert (await running.ask(Status())).problems == []


async def test_no_text_breaks_a_submitted_posting(ingest: Running) -> None:
    good = {"source_posting_id": "good", "title": "MDS Nurse", "employer_name": "Larkmoor"}
    fields = "source_posting_id title employer_name city state zip address phone ccn url description posted_on seen_at"
    for field in [*fields.split(), "closed_on", "source", "anything"]:
        tried = list(texts(300))
        postings = [{**good, "source_posting_id": str(number), field: text} for number, text in enumerate(tried)]
        results = (await ingest.ask(SubmitPostings(source="board", postings=[*postings, good], actor="ann"))).results

        for text, result in zip(tried, results, strict=False):
            assert result.status in (200, 201, 422), (field, len(text))
        assert results[-1].status in (200, 201), field
        assert len(results) == len(tried) + 1
        assert len(to_json(results)) < 1_500 * len(results)


async def test_no_text_breaks_the_import_of_postings(ingest: Running) -> None:
    rows: list[tuple[int, dict[str, Any] | str]] = []
    for line, text in enumerate(texts(200, longest=70_000), 1):
        posting = {"source_posting_id": text, "title": text, "employer_name": "Larkmoor", "city": text, "source": "x"}
        rows += [(line, posting), (line + 1_000, {**posting, "source_posting_id": str(line), "title": "MDS Nurse"})]

    report = await import_postings(ingest.cli, rows, None, lambda _: None)

    assert report.rows == len(rows) == len(report.rejects) + report.counts["new"] + report.counts.get("known", 0)
    assert report.counts["new"] >= len(rows) // 2
    assert report.counts["fields_left_out"] > 0


async def test_no_text_breaks_http(ingest: Running) -> None:
    key = await a_key(ingest.cli, AddSource, "board")
    ingest.app.rates.per_second, ingest.app.rates.burst = 1_000_000, 1_000_000
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{ingest.app.http_port}", headers=headers, timeout=30
    ) as client:
        for text in texts(300):
            for field in ("source_posting_id", "title", "employer_name", "city", "url", text[:100_000]):
                posting = {"source_posting_id": "P", "title": "MDS Nurse", "employer_name": "Larkmoor", field: text}
                reply = await client.post("/postings", json=posting)
                assert reply.status_code in (200, 201, 422), (field[:20], len(text), reply.text[:200])
            for body in ({"closed_on": text}, {text[:70_000]: "2026-07-01"}, text):
                reply = await client.post(f"/postings/{'0' * 32}/close", json=body)
                assert reply.status_code in (404, 422), (len(text), reply.text[:200])


async def test_no_text_breaks_reconciliation(matcher: Running) -> None:
    key = await a_key(matcher.cli, AddKey, "lists")
    matcher.app.rates.per_second, matcher.app.rates.burst = 1_000_000_000, 1_000_000_000
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{matcher.app.http_port}", headers=headers, timeout=30
    ) as client:
        for text in texts(300, longest=70_000):
            for pid in ("city", "state", "zip", "address", "phone", "ccn", "title"):
                query = {"query": "Larkmoor", "properties": [{"pid": pid, "v": text}]}
                form = {"queries": json.dumps({"q0": query, "q1": {"query": text}, text[:1_000]: {"query": "x"}})}
                reply = await client.post("/reconcile", data=form)
                assert reply.status_code in (200, 400, 413), (pid, len(text), reply.text[:200])
        for text in texts(300, longest=2_704):
            for kind in ("entity", "property"):
                reply = await client.get(f"/reconcile/suggest/{kind}", params={"prefix": text})
                assert reply.status_code in (200, 422)
            assert (await client.get("/reconcile/preview", params={"id": text})).status_code == 404


REGISTRY = ["CCN", "Provider Name", "City/Town", "State", "Provider Address", "ZIP Code", "Telephone Number"]
REGISTRY += ["County/Parish", "Legal Business Name", "Number of Certified Beds", "Processing Date"]
LISTED = ["335001", "Larkmoor", "Albany", "NY", "1 Elm", "12207", "5185550100", "Albany", "Larkmoor LLC", "90", ""]


def between_good_rows(good: list[str]) -> Iterator[list[list[str]]]:
    """Files of rows about different facilities, every second one valid; a file for each cell."""
    bad = rows_with_one_text_each(good)
    each = len(bad) // len(good)
    for start in range(0, len(bad), each):
        ours = enumerate(bad[start : start + each], start)
        yield [row for number, row in ours for row in ([f"33{number:04d}", *good[1:]], row)]


def rows_with_one_text_each(good: list[str]) -> list[list[str]]:
    """Rows with every long text in every cell in turn, between valid rows."""
    bad = [noise(length) for length in LONG] + ["x\x00y"]
    return [[*good[:place], text, *good[place + 1 :]] for place in range(len(good)) for text in bad]


async def test_no_text_breaks_an_import_of_facilities_facts_or_quality(ingest: Running) -> None:
    files = {
        "import_facilities": (REGISTRY, LISTED),
        "import_facts": (["ccn", "field", "value", "as_of"], ["335001", "qm_rating", "3", "2026-07-01"]),
        "import_quality": (["CCN", "Overall Rating", "Processing Date"], ["335001", "3", "2026-07-01"]),
    }
    for name, (header, good) in files.items():
        for number, rows in enumerate(between_good_rows(good), 1):
            base = {
                "import_id": f"{len(name):02d}{number:030d}",
                "file_name": "f.csv",
                "header": header,
                "actor": "a",
            }
            request = {**base, "rows": rows, "lines": list(range(2, len(rows) + 2)), "final": True}
            report = await ingest.ask(name, request)

            assert report["imported"] + len(report["rejects"]) == len(rows), (name, number)
            assert report["imported"] >= len(rows) // 2, (name, number)
            assert all(len(each["reason"]) < 1_000 for each in [*report["rejects"], *report["warnings"]])


async def test_no_text_breaks_an_import_of_contacts_or_accounts(sequencer: Running) -> None:
    contact = {"facility_id": "335001", "chain": "", "role": "don", "name": "Dora Moss", "source": "site"}
    contact |= {"source_date": "2026-06-01", "direct_phone": "5185550100", "email": "d@example.org"}
    contact |= {"source_url": "https://www.example.org"}
    await sequencer.receive(listed("335001"))
    account = {"facility_id": "335001", "status": "client", "owner": "rep-1", "note": "A note"}
    for name, good in (("import_contacts", contact), ("import_accounts", account)):
        for cells in rows_with_one_text_each(list(good.values())):
            row = dict(zip(good, cells, strict=True))
            report = await sequencer.ask(name, {"actor": "ann", "rows": [{"line": 1, **good}, {"line": 2, **row}]})

            assert report["imported"] + report["unchanged"] + len(report["rejects"]) == 2
            assert all(each["line"] == 2 and len(each["reason"]) < 1_000 for each in report["rejects"])


@pytest.mark.parametrize("service", [name for name in topology.SERVICES if topology.CONSUMES[name]])
async def test_an_event_with_a_text_that_is_too_long_is_dead_lettered_and_the_others_are_processed(
    servers: TestServers, service: str
) -> None:
    async with run_service(service, servers) as running:
        neighbors: list[Envelope] = []
        for kind in topology.CONSUMES[service]:
            bad = list(_with_long_texts(kind))
            good = [_event(kind) for _ in bad]
            neighbors += good
            mixed = [one for pair in zip(bad, good, strict=True) for one in pair]
            await running.publish(topology.owner_of(kind), mixed)

        await running.idle()

        dead = {row["event_id"] for row in await running.sql("SELECT event_id FROM dead_letters")}
        taken = {row["event_id"] for row in await running.sql("SELECT event_id FROM inbox")}
        assert {str(one.event_id) for one in neighbors}.isdisjoint(dead), "a neighbor went with it"
        assert {one.event_id for one in neighbors} <= taken, "a neighbor was not handled"
        assert dead
        assert (await running.ask(Status())).problems in ([], [f"{len(dead)} dead letter(s) wait for a person"])


def _event(kind: type[Event]) -> Envelope:
    return _sealed(kind, _content(kind))


def _content(kind: type[Event]) -> dict[str, Any]:
    schema = _schema(kind)
    content: dict[str, Any] = example(schema, schema.get("$defs", {}), "")
    return content


@cache
def _schema(kind: type[Event]) -> dict[str, Any]:
    return kind.model_json_schema()


def _sealed(kind: type[Event], content: dict[str, Any]) -> Envelope:
    event = kind.model_validate(_content(kind))
    whole = seal(event, topology.owner_of(kind), START)
    return Envelope(whole.event_id, whole.subject, whole.headers, json.dumps(content))


def _with_long_texts(kind: type[Event]) -> Iterator[Envelope]:
    """One text for each event, because each is handled four times, alone; the lengths rotate."""
    schema = _schema(kind)
    found = places(schema, schema.get("$defs", {}))
    for number, (place, limit) in enumerate(found):
        text = (noise((limit or 300) + 1), noise(8_191), "x\x00y")[number % 3]
        content = _content(kind)
        put(content, place, text)
        yield _sealed(kind, content)
