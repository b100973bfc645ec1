"""How do programs read events over HTTP? A part at a time (`GET /events`), or as a stream (`GET /events/stream`).

Both read the log from a cursor on, so that a program can go on with either one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from engines.problems import problems, sentence
from services.courier.usecases import feeding
from services.courier.usecases.feeding import Part
from services.courier.usecases.hearing import Ear, Hearing
from shared.contracts.cloudevents import BATCH, STRUCTURED, encoded
from shared.contracts.courier import EventType
from shared.contracts.courier_feeds import MOST_TYPES
from shared.contracts.refusals import Refused
from shared.http.backend import RETRY_SECONDS, TooOften, backend_of, failure_of
from shared.http.json_surface import endpoint, key_hash_of
from shared.settings import split

MOST: Final = 500
"""Events of one part."""
LONGEST_WAIT: Final = 30
"""Seconds."""
STREAM: Final = "text/event-stream"
NOW: Final = "now"
CURSOR: Final = rf"^({NOW}|0|[1-9][0-9]{{0,17}})$"

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of each process."""

    at_once: int = 20
    """Requests of one key that wait for events."""
    beat_seconds: float = 15.0
    """How long a stream is silent at most; proxies close connections that are silent for a minute."""
    scanned: int = 100_000
    """Positions of the log that one transaction looks through."""
    wait_seconds: float = LONGEST_WAIT


USUAL: Final = Limits()


class Following(BaseModel):
    """What a request for a stream asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[str, StringConstraints(pattern=CURSOR)] = str(feeding.START)
    """The cursor of the last event that was read; `0`: all that is left; `now`: what comes from now on."""
    types: Annotated[tuple[EventType, ...], BeforeValidator(split), Field(max_length=MOST_TYPES)] = ()
    """Separated by commas; without any, all that the key may read."""


class Asking(Following):
    """What a request for a part asks for."""

    limit: int = Field(100, ge=1, le=MOST)
    wait: int = Field(0, ge=0, le=LONGEST_WAIT)
    """How many seconds to wait for an event if there is none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader, and how far it has come."""

    request: Request
    key_hash: str
    types: tuple[str, ...]
    after: int | None
    limits: Limits
    limit: int = MOST

    async def part(self) -> Part:
        async with backend_of(self.request).begin() as tx:
            return await feeding.read(tx, self.key_hash, self.after, self.types, self.limit, self.limits.scanned)


class Ending(StreamingResponse):
    """A stream, after which something is to be done, even if it never began."""

    def __init__(self, content: AsyncIterator[bytes], done: Callable[[], Any]) -> None:
        super().__init__(content, media_type=STREAM, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._done = done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._done()


class Feed:
    """The endpoints of one process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._hearing = Hearing()

    async def batch(self, request: Request) -> Response:
        """The next events after a cursor; their successor is in the header `Link`."""
        key_hash, asked = key_hash_of(request), _asked(request, Asking)
        reading = Reading(request, key_hash, asked.types, _position(asked.after), self._limits, asked.limit)
        if asked.wait:
            with self._waiting(request, key_hash) as ear:
                part = await _patiently(reading, ear, min(asked.wait, self._limits.wait_seconds))
        else:
            part = await _first(reading)
        following = urlencode({**request.query_params, "after": part.cursor}, safe=",*")
        headers = {"Link": f'<{request.url.path}?{following}>; rel="next"', "Cache-Control": "no-store"}
        return Response(encoded([feeding.written(event) for event in part.events]), 200, headers, BATCH)

    async def one(self, request: Request) -> Response:
        """An event that was too large for a webhook, whose `dataref` is this address."""
        key_hash = key_hash_of(request)
        try:
            event_id = UUID(request.path_params["event_id"])
        except ValueError:
            raise Refused("The id of an event is a UUID.", 404) from None
        async with backend_of(request).begin() as tx:
            found = await feeding.one(tx, key_hash, event_id)
        return Response(encoded(feeding.written(found)), 200, {"Cache-Control": "no-store"}, STRUCTURED)

    async def stream(self, request: Request) -> Response:
        """Events as server-sent events, from a cursor on; `Last-Event-ID` is the cursor of a client that comes back."""
        key_hash, asked = key_hash_of(request), _asked(request, Following)
        reading = Reading(request, key_hash, asked.types, _position(asked.after), self._limits)
        with ExitStack() as waiting:
            ear = waiting.enter_context(self._waiting(request, key_hash))
            ear.reads()
            part = await reading.part()  # a refusal has its status
            return Ending(_stream(reading, part, ear), waiting.pop_all().close)

    @contextmanager
    def _waiting(self, request: Request, key_hash: str) -> Iterator[Ear]:
        backend = backend_of(request)
        with (
            _one_of(backend.streams, key_hash, self._limits.at_once),
            self._hearing.ear(backend.notices, backend.stopping) as ear,
        ):
            yield ear


@contextmanager
def _one_of(streams: Counter[str], key_hash: str, most: int) -> Iterator[None]:
    """Count a request of a key that waits; refuses one too many."""
    if streams[key_hash] >= most:
        raise TooOften(RETRY_SECONDS, f"{most} requests with this key wait for events")
    streams[key_hash] += 1
    try:
        yield
    finally:
        streams[key_hash] -= 1
        if not streams[key_hash]:
            del streams[key_hash]


async def _first(reading: Reading) -> Part:
    """The next events; parts of the log without any are passed over."""
    while True:
        part = await reading.part()
        if part.events or part.is_last:
            return part
        reading = replace(reading, after=part.cursor)


async def _patiently(reading: Reading, ear: Ear, seconds: float) -> Part:
    """The next events, once there are some; none after so many seconds."""
    until = time.monotonic() + seconds
    while True:
        ear.reads()
        part = await _first(reading)
        if part.events or not await ear.hears(until - time.monotonic()):
            return part
        if await reading.request.is_disconnected():
            return part
        reading = replace(reading, after=part.cursor)


async def _stream(reading: Reading, part: Part, ear: Ear) -> AsyncIterator[bytes]:
    beat_seconds = reading.limits.beat_seconds
    sent, beat_at = reading.after, time.monotonic() + beat_seconds
    try:
        while True:
            for event in part.events:
                yield b"id: %d\nevent: %s\ndata: %s\n\n" % (
                    event.position,
                    event.type.encode(),
                    encoded(feeding.written(event)),
                )
                sent, beat_at = event.position, time.monotonic() + beat_seconds
            if part.is_last:
                await ear.hears(beat_at - time.monotonic())
            if ear.ended:
                return
            if time.monotonic() >= beat_at:
                # An id without data is no event, but lets a client that wants rare ones come back to where it was.
                yield b": nothing new\n" if sent == part.cursor else b"id: %d\n\n" % part.cursor
                sent, beat_at = part.cursor, time.monotonic() + beat_seconds
            ear.reads()
            part = await replace(reading, after=part.cursor).part()
    except Exception as error:  # the client comes back, and gets the refusal with its status
        failure_of(reading.request, error)


def _asked(request: Request, kind: type[T]) -> T:
    """What a request asks for; refuses parameters that do not exist, so that none is ignored."""
    given: dict[str, Any] = dict(request.query_params)
    if "types" in given:
        given["types"] = ",".join(request.query_params.getlist("types"))
    if kind is Following and "Last-Event-ID" in request.headers:
        given["after"] = request.headers["Last-Event-ID"]
    try:
        return kind.model_validate(given)
    except ValidationError as invalid:
        raise Refused(sentence(invalid, "request"), 422, problems(invalid, "request")) from None


def _position(cursor: str) -> int | None:
    return None if cursor == NOW else int(cursor)


def routes(limits: Limits = USUAL) -> list[Route]:
    feed = Feed(limits)
    return [
        Route("/events", endpoint(feed.batch), methods=["GET"]),
        Route("/events/stream", endpoint(feed.stream), methods=["GET"]),
        Route("/events/{event_id}", endpoint(feed.one), methods=["GET"]),
    ]
