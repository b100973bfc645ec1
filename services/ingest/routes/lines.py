"""How does a source submit any number of postings at once?

As lines of JSON (NDJSON), which are answered line by line while they are read. They are accepted in batches, each in a
transaction, exactly as a list of postings is; a batch that was answered is stored, whatever happens afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json, to_json
from starlette.requests import ClientDisconnect, Request

from services.ingest.usecases.accounting import pushed
from services.ingest.usecases.postings import CREATED, EXISTING, INVALID, accept
from services.ingest.usecases.submissions import Unreadable
from shared.contracts.ingest import MAX_POSTINGS, SubmittedPosting
from shared.contracts.refusals import Refused
from shared.http.answering import MOST_UNREAD, Answering, Spool
from shared.http.backend import RETRY_SECONDS, TooOften, backend_of, failure_of
from shared.http.json_surface import holder_of, paced
from shared.http.lines import LONGEST_LINE, Line, batches, parts_of
from shared.refusing import refusal_of

MEDIA_TYPE = "application/x-ndjson"
MEDIA_TYPES = (MEDIA_TYPE, "application/ndjson", "application/jsonl")
MOST_AT_ONCE = 4
"""Requests of a source that are answered while they are read; each takes some megabytes of memory."""
_COUNTED = {CREATED: "new", EXISTING: "seen", INVALID: "refused"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_lines(request: Request) -> bool:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower() in MEDIA_TYPES


async def submit_lines(request: Request, key_hash: str) -> Answering:
    """The answers, which begin with the first batch: an error before it has a status of its own."""
    streams = backend_of(request).streams
    if streams[key_hash] >= MOST_AT_ONCE:
        raise TooOften(RETRY_SECONDS, f"{MOST_AT_ONCE} requests of your source are being answered")
    streams[key_hash] += 1
    try:
        coming = batches(parts_of(request), MAX_POSTINGS)
        stream = _Stream(request, key_hash, await anext(coming, []), coming)
    except BaseException:
        _leave(streams, key_hash)
        raise
    return Answering(request, stream.answer, MEDIA_TYPE, lambda: _leave(streams, key_hash))


def _leave(streams: Counter[str], key_hash: str) -> None:
    streams[key_hash] -= 1
    if not streams[key_hash]:
        del streams[key_hash]


@dataclass
class _Stream:
    request: Request
    key_hash: str
    first: list[Line]
    coming: AsyncGenerator[list[Line], None]
    answered: int = 0
    """The number of the last line that was answered."""
    counts: Counter[str] = field(default_factory=Counter)

    async def answer(self, answers: Spool) -> None:
        """Write a line for each line of the request, and at last one that states whether all were read."""
        try:
            await self._submit(self.first, answers)
            async with aclosing(self.coming):
                async for lines in self.coming:
                    await paced(self.request, self.key_hash)
                    await self._submit(lines, answers)
            last: dict[str, Any] = {"complete": True}
        except ClientDisconnect:
            raise
        except Exception as error:
            status, content = failure_of(self.request, error)
            message = f"{content['message']} {self._done()}"
            last = {"complete": False, "status": status, **content, "message": message}
        counts = {name: self.counts[name] for name in _COUNTED.values()}
        answers.write(to_json({**last, "lines": self.answered, **counts}) + b"\n")

    def _done(self) -> str:
        return (
            f"Up to line {self.answered:,} all is done; send the rest again." if self.answered else "Nothing is done."
        )

    async def _submit(self, lines: Sequence[Line], answers: Spool) -> None:
        if answers.unread > MOST_UNREAD:
            raise Refused("Too many answers wait to be read; read them while you send, or send fewer lines.", 413)
        if not lines:
            return
        raws = [_read(line) for line in lines]
        results = await self._accept(raws)
        answers.write(b"".join(map(_answer, lines, raws, results)))
        self.answered = lines[-1].number
        self.counts.update(_COUNTED[result.status] for result in results)

    async def _accept(self, raws: Sequence[object]) -> list[SubmittedPosting]:
        """A batch with a line that cannot be stored is halved until the line is alone."""
        try:
            async with backend_of(self.request).begin() as tx:
                tx.actor = source = await holder_of(tx, self.key_hash)
                return await accept(source, raws, tx, pushed(source))
        except Exception as error:
            refusal = refusal_of(error, backend_of(self.request).service)
            if refusal is None or refusal.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE):
                raise
        if len(raws) == 1:
            return [SubmittedPosting(index=0, posting_id=None, status=INVALID, errors={"posting": str(refusal)})]
        middle = len(raws) // 2
        return [*await self._accept(raws[:middle]), *await self._accept(raws[middle:])]


def _read(line: Line) -> object:
    if line.content is None:
        return Unreadable(f"is longer than {LONGEST_LINE:,} bytes; shorten its description")
    try:
        return from_json(line.content.removeprefix(_BYTE_ORDER_MARK), allow_inf_nan=False)
    except ValueError as error:
        return Unreadable(f"is not JSON: {error}; send one posting a line")


def _answer(line: Line, raw: object, result: SubmittedPosting) -> bytes:
    stated = raw.get("source_posting_id") if isinstance(raw, dict) else None
    given = stated if isinstance(stated, str | int | float) and len(str(stated)) <= 200 else None
    values = result.model_dump(exclude={"index"})
    return to_json({"line": line.number, "source_posting_id": given, **values}) + b"\n"
