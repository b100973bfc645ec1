"""Are lines read from a body of any size in bounded memory, whatever it contains?"""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.refusals import Refused
from shared.http.answering import Spool
from shared.http.lines import Line, Splitter, batches, unzipped


async def arriving(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def lines_of(parts: AsyncIterator[bytes], most: int = 1_000) -> list[list[Line]]:
    return [batch async for batch in batches(parts, most)]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b"")), max_size=9), st.integers(1, 7))
async def test_lines_are_the_same_however_they_arrive(lines: list[bytes], size: int) -> None:
    body = b"\n".join(lines)
    parts = [body[at : at + size] for at in range(0, len(body), size)]

    found = [line for batch in await lines_of(arriving(parts), most=2) for line in batch]

    assert found == [Line(at + 1, line.strip()) for at, line in enumerate(lines) if line.strip()]


def test_a_line_that_is_too_long_is_named_and_not_kept() -> None:
    splitter = Splitter(longest=10)

    found = [line for _ in range(1_000) for line in splitter.take(b"x" * 100)]
    found += splitter.take(b"\nshort\n")

    assert found == [Line(1, None), Line(2, b"short")]


async def test_a_large_body_is_never_in_memory() -> None:
    def line(number: int) -> bytes:
        return b'{"source_posting_id": "%d", "description": "%s"}\n' % (number, b"%d " % number**9 * 40)

    def compressed() -> Iterable[bytes]:
        packer = zlib.compressobj(wbits=31)
        for at in range(0, 20_000, 500):
            yield packer.compress(b"".join(map(line, range(at, at + 500))))
        yield packer.flush()

    tracemalloc.start()
    try:
        count = size = 0
        async for batch in batches(unzipped(arriving(compressed())), 1_000):
            count += len(batch)
            size += sum(len(line.content or b"") for line in batch)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 20_000
    assert peak < 6_000_000 < size / 4


async def test_lines_are_there_before_the_body_has_ended() -> None:
    rest = asyncio.Event()

    async def parts() -> AsyncIterator[bytes]:
        yield b"one\ntw"
        await rest.wait()
        yield b"o"

    coming = batches(parts(), 1_000, linger=0.01)

    assert await anext(coming) == [Line(1, b"one")]
    rest.set()
    assert await anext(coming) == [Line(2, b"two")]


async def test_a_client_that_sends_nothing_more_is_refused() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one\n"
        await asyncio.Event().wait()

    coming = batches(parts(), 1_000, linger=0.01, idle=0.05)

    assert await anext(coming) == [Line(1, b"one")]
    with pytest.raises(Refused, match="Nothing has arrived"):
        await anext(coming)


@pytest.mark.parametrize(
    "body, problem",
    [
        (b'{"title": "MDS Nurse"}\n', "not gzip"),
        (gzip.compress(b"one\ntwo\n" * 9_000)[:-9], "cut off"),
        (gzip.compress(b"one\n")[:6] + b"\xff" * 20, "damaged"),
        (gzip.compress(b"one\n") + b"two\n", "something else"),
        (gzip.compress(bytes(30_000_000)), "expands"),
        (gzip.compress(b"\n" * 30_000_000), "empty"),
        (gzip.compress(b"{}\n\n\n" * 1_000), "empty"),
    ],
    ids=["plain", "without an end", "damaged", "plain after the end", "one line", "empty lines", "mostly empty lines"],
)
async def test_a_compressed_body_that_is_damaged_or_a_bomb_is_refused(body: bytes, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        await lines_of(unzipped(arriving(body[at : at + 9_000] for at in range(0, len(body), 9_000))))


async def test_compressed_files_one_after_the_other_are_one_body() -> None:
    body = gzip.compress(b"one\ntw") + gzip.compress(b"o\n")

    assert await lines_of(unzipped(arriving([body]))) == [[Line(1, b"one"), Line(2, b"two")]]


async def test_the_lines_before_damage_are_there_before_the_error() -> None:
    cut = gzip.compress(b"one\ntwo")[:-4]
    coming = batches(unzipped(arriving([cut])), 1_000)

    assert await anext(coming) == [Line(1, b"one")]
    with pytest.raises(Refused, match="cut off"):
        await anext(coming)


async def test_answers_wait_until_they_are_read_in_order() -> None:
    spool, read = Spool(), b""
    for number in range(300):
        spool.write(b"%06d\n" % number * 1_000)
        if number % 3 == 0:
            read += await spool.read()
    spool.end()
    while part := await spool.read():
        read += part
    spool.close()

    assert read == b"".join(b"%06d\n" % number * 1_000 for number in range(300))
