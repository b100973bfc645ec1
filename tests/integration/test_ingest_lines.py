"""Are postings that are sent as lines answered line by line, while they are read, and is what was answered stored?"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.contracts.events import PostingSeen
from shared.contracts.ingest import AddSource
from tests.support.keys import a_key
from tests.support.running import Running

LINES = {"Content-Type": "application/x-ndjson"}
GZIP = {**LINES, "Content-Encoding": "gzip"}


@pytest.fixture
async def client(ingest: Running) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of the source `board`."""
    key = await a_key(ingest.cli, AddSource, "board")
    base = f"http://127.0.0.1:{ingest.app.http_port}"
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
        yield client


def posting(number: int, **fields: Any) -> dict[str, Any]:
    day = {"seen_at": "2026-07-01T08:00:00Z"}
    return {"source_posting_id": f"P{number}", "title": "MDS Nurse", "employer_name": "Larkmoor", **day, **fields}


def body_of(postings: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in postings)


def answers(reply: httpx.Response) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The answer of each line, and the last one."""
    assert reply.headers["Content-Type"] == "application/x-ndjson"
    *lines, last = map(json.loads, reply.text.splitlines())
    return lines, last


async def until_stored(ingest: Running, count: int = 1) -> None:
    while len(await ingest.sql("SELECT posting_id FROM postings")) < count:  # noqa: ASYNC110 - a request stores them
        await asyncio.sleep(0.01)


async def test_each_line_is_answered_in_order_and_what_was_accepted_is_stored(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    body = body_of([posting(1), posting(2, state="Nowhere"), posting(1), {"title": "?"}]) + b"\n{broken\n" + b"[]"

    lines, last = answers(await client.post("/postings", content=gzip.compress(body), headers=GZIP))

    assert [(each["line"], each["source_posting_id"], each["status"]) for each in lines] == [
        (1, "P1", 201),
        (2, "P2", 201),
        (3, "P1", 200),
        (4, None, 422),
        (6, None, 422),
        (7, None, 422),
    ]
    assert lines[1]["warnings"].keys() == {"state"}
    assert lines[3]["errors"].keys() == {"source_posting_id", "employer_name"}
    assert "is not JSON" in lines[4]["errors"]["posting"]
    assert last == {"complete": True, "lines": 7, "new": 2, "seen": 1, "refused": 3}
    assert {each.source_posting_id for each in await ingest.published(PostingSeen)} == {"P1", "P2"}


async def test_sending_lines_again_changes_nothing(ingest: Running, client: httpx.AsyncClient) -> None:
    body = body_of(posting(number) for number in range(1_200))
    first = answers(await client.post("/postings", content=body, headers=LINES))[1]
    published = len(await ingest.published(PostingSeen))

    again = answers(await client.post("/postings", content=body, headers=LINES))[1]

    assert (first["new"], again["new"], again["seen"]) == (1_200, 0, 1_200)
    assert len(await ingest.published(PostingSeen)) == published == 1_200
    assert [row["n"] for row in await ingest.sql("SELECT count(*) AS n FROM raw_postings")] == [1_200]


async def test_a_client_that_reads_only_after_sending_gets_all_answers(client: httpx.AsyncClient) -> None:
    """With more answers than sockets can hold, both sides would wait for each other."""
    refused = body_of([{f"{'unknown' * 7}{number}": 1 for number in range(20)}]) * 500

    async def body() -> AsyncIterator[bytes]:
        for _ in range(24):
            yield refused

    lines, last = answers(await client.post("/postings", content=body(), headers=LINES, timeout=60))

    assert (len(lines), last["complete"], last["refused"]) == (12_000, True, 12_000)


async def test_lines_are_answered_while_more_are_sent_and_kept_if_the_connection_is_cut(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", ingest.app.http_port)
    head = f"POST /postings HTTP/1.1\r\nHost: test\r\nAuthorization: {client.headers['Authorization']}\r\n"
    writer.write(f"{head}Content-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n".encode())

    writer.write(body_of([posting(1)]) + b'{"source_posting')
    answered = await asyncio.wait_for(reader.readuntil(b'"P1"'), 10)
    writer.transport.abort()
    await ingest.idle()

    assert answered.startswith(b"HTTP/1.1 200")
    assert [row["source_posting_id"] for row in await ingest.sql("SELECT * FROM postings")] == ["P1"]
    lines, last = answers(await client.post("/postings", content=body_of([posting(1), posting(2)]), headers=LINES))
    assert ([each["status"] for each in lines], last["complete"]) == ([200, 201], True)


@pytest.mark.parametrize(
    "status, sent",
    [
        (415, {"content": b"{}", "headers": {**LINES, "Content-Encoding": "br"}}),
        (400, {"content": b"{}\n", "headers": GZIP}),
        (413, {"content": gzip.compress(bytes(30_000_000)), "headers": GZIP}),
        (401, {"content": b"{}\n", "headers": {**LINES, "Authorization": "Bearer unknown"}}),
    ],
)
async def test_lines_that_cannot_be_read_at_all_are_refused_with_a_status(
    client: httpx.AsyncClient, status: int, sent: dict[str, Any]
) -> None:
    reply = await client.post("/postings", **sent)

    assert reply.status_code == status
    assert reply.json()["message"]


async def test_of_a_body_that_breaks_off_the_answer_states_how_far_it_was_accepted(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    body = gzip.compress(body_of(posting(number) for number in range(2_500)))[:-9]

    lines, last = answers(await client.post("/postings", content=body, headers=GZIP))

    assert (last["complete"], last["status"], last["lines"]) == (False, 400, len(lines))
    assert "cut off" in last["message"]
    assert len(lines) >= 1_000
    assert [row["n"] for row in await ingest.sql("SELECT count(*) AS n FROM postings")] == [len(lines)]


async def test_a_fault_of_the_database_ends_the_answer_and_the_key_can_send_again(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    asked = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield body_of([posting(1)])
        await asked.wait()
        yield body_of([posting(2)]) * 50_000  # the rest is left unread, and the client can still send it

    sending = asyncio.create_task(client.post("/postings", content=body(), headers=LINES, timeout=60))
    await until_stored(ingest)
    await ingest.sql("ALTER TABLE raw_postings RENAME TO lost")
    asked.set()
    lines, last = answers(await sending)
    await ingest.sql("ALTER TABLE lost RENAME TO raw_postings")

    assert [each["source_posting_id"] for each in lines] == ["P1"]
    assert (last["complete"], last["status"], last["lines"]) == (False, 500, 1)
    assert "Up to line 1 all is done" in last["message"]
    assert answers(await client.post("/postings", content=body_of([posting(2)]), headers=LINES))[1]["complete"]


async def test_a_line_that_cannot_be_stored_is_refused_alone(ingest: Running, client: httpx.AsyncClient) -> None:
    await ingest.sql("ALTER TABLE raw_postings ALTER source_posting_id TYPE varchar(5)")

    lines, last = answers(
        await client.post("/postings", content=body_of(map(posting, [1, 2, 700_000, 4])), headers=LINES)
    )

    assert [each["status"] for each in lines] == [201, 201, 422, 201]
    assert "cannot be stored" in lines[2]["errors"]["posting"]
    assert last["complete"]


async def test_lines_wait_for_the_rate_of_their_key_and_a_fifth_request_at_once_is_refused(
    ingest: Running, client: httpx.AsyncClient
) -> None:
    ended = asyncio.Event()

    async def body(number: int) -> AsyncIterator[bytes]:
        yield body_of([posting(number)])
        await ended.wait()

    sending = [asyncio.create_task(client.post("/postings", content=body(n), headers=LINES)) for n in range(4)]
    await until_stored(ingest, 4)
    fifth = await client.post("/postings", content=body_of([posting(1)]), headers=LINES)
    ended.set()
    replies = await asyncio.gather(*sending)
    ingest.app.rates.per_second, ingest.app.rates.burst = 20, 1
    begun = asyncio.get_running_loop().time()
    lines, _ = answers(await client.post("/postings", content=body_of(map(posting, range(4_500))), headers=LINES))

    assert (fifth.status_code, fifth.headers["Retry-After"]) == (429, "5")
    assert [reply.status_code for reply in replies] == [200] * 4
    assert len(lines) == 4_500
    assert asyncio.get_running_loop().time() - begun > 4 / 20


@pytest.mark.parametrize("language, program", [("", ["bash", "-c"]), ("python", [sys.executable, "-c"])])
async def test_the_examples_of_the_documentation_work(
    client: httpx.AsyncClient, tmp_path: Path, language: str, program: list[str]
) -> None:
    page = Path("docs/sources.md").read_text(encoding="utf-8")
    example = next(each for each in re.findall(f"```{language}\n(.*?)```", page, re.DOTALL) if "x-ndjson" in each)
    if language == "" and not shutil.which("curl"):
        pytest.skip("there is no curl")
    (tmp_path / "postings.ndjson").write_bytes(body_of([*map(posting, range(2_000)), {}]))
    environment = os.environ | {"KEY": client.headers["Authorization"].split()[1], "INGEST": str(client.base_url)}

    ran = await asyncio.to_thread(
        subprocess.run, [*program, example], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )

    refused, last = ran.stdout.splitlines()[-2:]
    assert "employer_name" in refused
    assert all(part in last for part in ("complete", "2001", "2000"))
    assert (ran.returncode, ran.stderr) == (0, "")


async def test_a_revoked_key_ends_a_request_at_its_next_lines(ingest: Running, client: httpx.AsyncClient) -> None:
    replaced = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield body_of([posting(1)])
        await replaced.wait()
        yield body_of([posting(2)])

    sending = asyncio.create_task(client.post("/postings", content=body(), headers=LINES))
    await until_stored(ingest)
    await a_key(ingest.cli, AddSource, "board")
    replaced.set()
    lines, last = answers(await sending)

    assert ([each["source_posting_id"] for each in lines], last["status"]) == (["P1"], 401)
