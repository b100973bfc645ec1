"""How are lines read from a request of any size, while it arrives, in bounded memory?

Decompressed a small part at a time, and never more than a batch and a line at once.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import NamedTuple

from starlette.requests import Request

from shared.contracts.refusals import Refused
from shared.outbound.bodies import Gzip

LONGEST_LINE = 1_000_000
"""Bytes. A longer line is skipped as it arrives."""
BATCH_BYTES = 1_000_000
LINGER_SECONDS = 0.2
"""A batch that is not full waits this long for more lines."""
IDLE_SECONDS = 60.0
"""How long nothing may arrive."""
MOST_EMPTY = 1_000
"""Empty lines before it matters whether most lines are."""
MOST_EXPANSION = 200
"""How many times longer a body may be than its compressed form. Postings become 5 to 20 times longer."""
_ALWAYS_ALLOWED = 10_000_000
"""Bytes that a body may expand to, however short it was."""


class Line(NamedTuple):
    """A line of a body, by its number from 1; no content if it is longer than allowed."""

    number: int
    content: bytes | None


class Splitter:
    """Splits what arrives into lines. Empty lines count, and are left out; raises `Refused` if they are most."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._rest = bytearray()
        self._too_long = False
        self._number = self._empty = 0

    def take(self, part: bytes) -> list[Line]:
        """The lines that end in this part."""
        *ends, rest = part.split(b"\n")
        found = []
        for end in ends:
            self._extend(end)
            found += self.end()
        self._extend(rest)
        return found

    def end(self) -> list[Line]:
        """The line that ends here, which is the last one of a body."""
        self._number += 1
        content, too_long = bytes(self._rest).strip(), self._too_long
        self._rest.clear()
        self._too_long = False
        if too_long or content:
            return [Line(self._number, None if too_long else content)]
        self._empty += 1
        if self._empty > MOST_EMPTY and self._empty > self._number / 2:
            raise Refused("Most lines are empty; send one posting a line.", 400)
        return []

    def _extend(self, part: bytes) -> None:
        if self._too_long or len(self._rest) + len(part) > self._longest:
            self._too_long = True
            self._rest.clear()
        else:
            self._rest += part


async def parts_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives, decompressed; raises `Refused` for other compressions, and if it is damaged."""
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        async for chunk in request.stream():
            yield chunk
    elif coding in ("gzip", "x-gzip"):
        async for part in unzipped(request.stream()):
            yield part
    else:
        raise Refused(f"Compress with gzip, or not at all; this is {coding[:20]!r}.", 415)


async def unzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What gzip contains, in small parts; raises `Refused` if it is damaged, cut off, or expands too much."""
    gzip, sent, taken = Gzip(), 0, 0
    async for chunk in chunks:
        sent += len(chunk)
        try:
            for part in gzip.decoded(chunk):
                taken += len(part)
                if taken > max(_ALWAYS_ALLOWED, sent * MOST_EXPANSION):
                    raise Refused(f"The body expands to more than {MOST_EXPANSION} times its compressed size.", 413)
                yield part
        except zlib.error:
            raise Refused("The body is not gzip, or is damaged; compress it again.", 400) from None
        if gzip.padded:
            raise Refused("After its compressed lines, the body contains something else; compress all of it.", 400)
    if sent and not gzip.complete:
        raise Refused("The body is cut off: its compressed data has no end.", 400)


async def batches(
    parts: AsyncIterator[bytes], most: int, linger: float = LINGER_SECONDS, idle: float = IDLE_SECONDS
) -> AsyncGenerator[list[Line], None]:
    """The lines, at most so many at once. What was complete before an error comes before the error."""
    splitter, waiting = Splitter(), list[Line]()
    coming: asyncio.Task[bytes | None] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next(parts))
            await asyncio.wait({coming}, timeout=linger if waiting else idle)
            if not coming.done():
                if not waiting:
                    raise Refused(f"Nothing has arrived for {idle:.0f} seconds; send the rest again.", 400)
                yield waiting
                waiting = []
                continue
            if error := coming.exception():
                if waiting:
                    yield waiting
                raise error
            part, coming = coming.result(), None
            waiting += splitter.end() if part is None else splitter.take(part)
            while len(waiting) >= most or sum(len(line.content or b"") for line in waiting) >= BATCH_BYTES:
                full, waiting = waiting[:most], waiting[most:]
                yield full
            if part is None:
                break
        if waiting:
            yield waiting
    finally:
        if coming:
            coming.cancel()
            await asyncio.wait({coming})


async def _next(parts: AsyncIterator[bytes]) -> bytes | None:
    """None at the end: a task cannot raise `StopAsyncIteration`."""
    return await anext(parts, None)
