"""Which events are being published now?

Reads the streams of all services, without a consumer, so that nothing is left behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from nats.js.api import RawStreamMsg
from pydantic_core import from_json

from shared.clock import real_time
from shared.contracts import topology
from shared.messaging.broker import UNAVAILABLE, Broker

SHOWN = (
    "name",
    "employer_name",
    "facility_name",
    "facility_id",
    "role_family",
    "urgency",
    "score",
    "tier",
    "cuts",
    "channel",
    "status",
    "chain",
    "missing",
    "lead_source",
    "reason",
    "error",
)
COUNTED = ("signals", "facts", "crossings")
LOOK_SECONDS = 0.2
"""The interval between checks at the end of a stream."""


@dataclass(slots=True)
class _Place:
    """How far a stream has been read."""

    stream: str
    subject: str
    """What is asked for: one subject, or all."""
    sequence: int
    ahead: RawStreamMsg | None = None
    """The next event, if it has been read."""
    look_at: float = 0.0


async def follow(
    broker: Broker, subjects: Collection[str], since: timedelta | None = None
) -> AsyncIterator[RawStreamMsg]:
    """Events as they arrive, forever; before them those that were published within `since`, in order of time."""
    places = [await _place(broker, stream, wanted, since) for stream, wanted in _by_stream(subjects)]
    now = asyncio.get_running_loop().time
    while True:
        for place in places:
            if place.ahead is None and place.look_at <= now():
                place.ahead = await _next(broker, place.stream, place.subject, place.sequence)
                place.look_at = now() + LOOK_SECONDS if place.ahead is None else 0.0
        arrived = [(place, place.ahead) for place in places if place.ahead]
        if not arrived:
            await asyncio.sleep(LOOK_SECONDS)
            continue
        place, event = min(arrived, key=lambda each: _time(each[1]))
        place.ahead, place.sequence = None, (event.seq or place.sequence) + 1
        if event.subject in subjects:
            yield event


def _by_stream(subjects: Collection[str]) -> Iterable[tuple[str, list[str]]]:
    for service in topology.SERVICES:
        if wanted := [each for each in topology.subjects_of(service) if each in subjects]:
            yield topology.stream_of(service), wanted


async def _place(broker: Broker, stream: str, wanted: list[str], since: timedelta | None) -> _Place:
    state = (await broker.stream.stream_info(stream)).state
    sequence = state.last_seq + 1
    if since is not None:
        sequence = await _first_since(broker, stream, state.first_seq, sequence, real_time() - since)
    return _Place(stream, wanted[0] if len(wanted) == 1 else ">", sequence)


async def _first_since(broker: Broker, stream: str, low: int, high: int, instant: datetime) -> int:
    """The sequence of the first event that was stored at the instant or later; `high` if there is none."""
    while low < high:
        middle = (low + high) // 2
        event = await _next(broker, stream, ">", middle)
        if event is None or _time(event) >= instant:
            high = middle
        else:
            low = (event.seq or middle) + 1
    return low


async def _next(broker: Broker, stream: str, subject: str, sequence: int) -> RawStreamMsg | None:
    """Read message by message: a user that can create consumers could also change those of services."""
    try:
        return await broker.stream.get_msg(stream, max(sequence, 1), subject=subject, next=True)
    except UNAVAILABLE:  # the end of the stream, too
        return None


def _time(event: RawStreamMsg) -> datetime:
    """When it was stored."""
    return event.time or datetime.min.replace(tzinfo=UTC)


def is_about(body: Any, facility_id: str) -> bool:
    """Whether an event names a facility, or an enrollment that covers it."""
    return isinstance(body, dict) and (
        body.get("facility_id") == facility_id or facility_id in (body.get("covers") or ())
    )


def content(data: bytes | str) -> Any:
    """What a message contains; an empty object if that is no JSON."""
    try:
        return from_json(data)
    except ValueError:
        return {}


def readable(subject: str, headers: Mapping[str, str], data: bytes) -> dict[str, Any]:
    """A summary of an event that fits on a line."""
    return {
        "time": headers.get("ce-time", ""),
        "subject": subject,
        "key": unquote(headers.get("ce-subject", "")),
        "id": headers.get("ce-id", ""),
        "text": gist(content(data)),
    }


def gist(body: Any) -> str:
    """The facts of an event that tell it from others."""
    body = body if isinstance(body, dict) else {}
    values = [f"{name}={body[name]}" for name in SHOWN if body.get(name) not in (None, "", [])]
    counts = [f"{len(body[name])} {name}" for name in COUNTED if isinstance(body.get(name), list)]
    return ", ".join(values + counts)
