"""What is happening right now?

Follows the streams of all services through consumers of its own and prints one line an event.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy
from pydantic_core import from_json

from shared import topology
from shared.broker import Broker

SHOWN = (
    "name",
    "employer_name",
    "facility_name",
    "ccn",
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


async def follow(broker: Broker, subject: str | None, past: bool, show: Callable[[dict[str, Any]], None]) -> None:
    """Show events as they come (with `past`, those still stored first), until cancelled."""

    arrived: asyncio.Queue[Msg] = asyncio.Queue()

    policy = DeliverPolicy.ALL if past else DeliverPolicy.NEW
    for service in topology.SERVICES:
        subjects = [s for s in topology.subjects_of(service) if subject is None or s.startswith(subject)]
        for one in subjects if subject else [">"]:
            await broker.stream.subscribe(
                one,
                stream=topology.stream_of(service),
                ordered_consumer=True,
                cb=arrived.put,
                config=ConsumerConfig(deliver_policy=policy),
            )
    while True:
        show(readable(await arrived.get()))


def readable(msg: Msg) -> dict[str, Any]:
    """The few things about an event that fit on a line."""
    headers = msg.headers or {}
    try:
        body: Any = from_json(msg.data)
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    return {
        "time": headers.get("ce-time", "")[:19],
        "subject": msg.subject,
        "key": unquote(headers.get("ce-subject", "")),
        "id": headers.get("ce-id", ""),
        "text": ", ".join(_said(body)),
    }


def _said(body: dict[str, Any]) -> list[str]:
    values = [f"{name}={body[name]}" for name in SHOWN if body.get(name) not in (None, "", [])]
    return values + [f"{len(body[name])} {name}" for name in COUNTED if isinstance(body.get(name), list)]
