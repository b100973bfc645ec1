"""How are rows sent as CSV, so that no program runs what is in them?"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from starlette.responses import StreamingResponse

from engines.reports.cells import escaped

TOGETHER = 200
"""Rows that are sent at once."""


def streamed(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingResponse:
    """A file for programs of tables, sent as it is made."""
    return _file(name, lines(headings, rows))


def streamed_in_pages(
    name: str, headings: Sequence[str], pages: AsyncIterable[Sequence[Sequence[Any]]]
) -> StreamingResponse:
    """The same of rows that are read while it is sent."""

    async def parts() -> AsyncIterator[str]:
        for part in lines(headings, ()):
            yield part
        async for page in pages:
            for part in lines((), page):
                yield part

    return _file(name, parts())


def _file(name: str, parts: Iterable[str] | AsyncIterable[str]) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type="text/csv; charset=utf-8", headers=headers)


def lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV in pieces, with a heading unless that is empty; a text that would be a formula begins with an apostrophe."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if headings:
        writer.writerow(headings)
    for number, row in enumerate(rows, 1):
        writer.writerow([inert(value) for value in row])
        if number % TOGETHER == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def inert(value: Any) -> Any:
    """The value, so that no program takes it for a formula; figures stay figures."""
    return escaped(value) if isinstance(value, str) else "" if value is None else value


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
