"""Which events are being published now?

Reads the streams of all services, without a consumer, and prints one line per event.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from nats.js.api import RawStreamMsg
from pydantic_core import from_json

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
READ_AHEAD = 100
LOOK_SECONDS = 0.2
"""The interval between checks at the end of a stream."""


async def follow(broker: Broker, subject: str | None, past: bool, show: Callable[[dict[str, Any]], None]) -> None:
    """Show events as they arrive until the task is stopped; with `past`, show those still stored first."""
    arrived: asyncio.Queue[RawStreamMsg] = asyncio.Queue(READ_AHEAD)
    places = {}
    for service in topology.SERVICES:
        if any(one.startswith(subject or "") for one in topology.subjects_of(service)):
            info = await broker.stream.stream_info(topology.stream_of(service))
            places[topology.stream_of(service)] = 1 if past else info.state.last_seq + 1
    async with asyncio.TaskGroup() as reading:
        for stream, place in places.items():
            reading.create_task(_read(broker, stream, place, arrived))
        while True:
            event = await arrived.get()
            if (event.subject or "").startswith(subject or ""):
                show(readable(event.subject or "", event.headers or {}, event.data or b""))


def known_subject(beginning: str | None) -> None:
    """Raises `ValueError` if no subject has this beginning, because the command would wait forever."""
    known = sorted(one for service in topology.SERVICES for one in topology.subjects_of(service))
    if beginning and not any(one.startswith(beginning) for one in known):
        raise ValueError(f"No subject begins with {beginning!r}; there are {', '.join(known)}.")


async def _read(broker: Broker, stream: str, place: int, arrived: asyncio.Queue[RawStreamMsg]) -> None:
    """Read message by message: a user that can create consumers could also change those of services."""
    while True:
        try:
            event = await broker.stream.get_msg(stream, place, subject=">", next=True)
        except UNAVAILABLE:  # the end of the stream, too
            await asyncio.sleep(LOOK_SECONDS)
            continue
        place = (event.seq or place) + 1
        await arrived.put(event)


def readable(subject: str, headers: Mapping[str, str], data: bytes) -> dict[str, Any]:
    """A summary of an event that fits on a line."""
    try:
        body: Any = from_json(data)
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    return {
        "time": headers.get("ce-time", ""),
        "subject": subject,
        "key": unquote(headers.get("ce-subject", "")),
        "id": headers.get("ce-id", ""),
        "text": ", ".join(_summary(body)),
    }


def _summary(body: dict[str, Any]) -> list[str]:
    values = [f"{name}={body[name]}" for name in SHOWN if body.get(name) not in (None, "", [])]
    return values + [f"{len(body[name])} {name}" for name in COUNTED if isinstance(body.get(name), list)]
