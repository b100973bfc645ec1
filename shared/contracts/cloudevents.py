"""How is an event written as one JSON object, for receivers that do not read headers of NATS?

As a structured CloudEvent 1.0: webhooks and feeds carry it. Between services events have the binary mode
(`shared/contracts/envelope.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from shared.contracts.envelope import SCHEMA_OF, Malformed, opened, plain

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
"""The content of a JSON array of structured events."""
LARGEST = 20_000
"""Bytes of the body of a webhook, as Standard Webhooks recommends."""
_REQUIRED = ("specversion", "id", "source", "type")
_IN_ORDER = (*_REQUIRED, "subject", "time")


def structured(
    event_type: str,
    event_id: UUID,
    source: str,
    at: datetime,
    key: str,
    data: Any,
    traceparent: str = "",
    **extensions: str,
) -> dict[str, Any]:
    """An event by its facts. `source`: the service that published it. `key`: what the event is about.

    An extension is a text, because a number of CloudEvents has 32 bits.
    """
    trace = {"traceparent": traceparent} if traceparent else {}
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"/{source}",
        "type": event_type,
        "subject": key,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": SCHEMA_OF + event_type,
        **trace,
        **extensions,
        "data": data,
    }


def structured_message(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """An event from its message in either mode; raises `Malformed`, or `ValueError` if its body is no JSON."""
    attributes, data = opened(headers, body)
    named = {name.removeprefix("ce-"): plain(value) for name, value in attributes.items() if name.startswith("ce-")}
    if attributes.get("traceparent"):
        named["traceparent"] = attributes["traceparent"]
    if missing := [name for name in _REQUIRED if not named.get(name)]:
        raise Malformed(f"the attribute {missing[0]!r} is missing")
    first = {name: named.pop(name) for name in _IN_ORDER if name in named}
    return {**first, **named, "data": from_json(data)}


def body_of(event: Mapping[str, Any], feed: str) -> bytes:
    """The body of a webhook. A larger event has no data, but the address in the feed that has them (`dataref`)."""
    body = encoded(event)
    if len(body) <= LARGEST:
        return body
    rest = {name: value for name, value in event.items() if name != "data"}
    return encoded({**rest, "dataref": f"{feed}/events/{event['id']}"})


def encoded(event: Any) -> bytes:
    """A structured event, or a list of them, as the bytes that are sent, and signed."""
    return to_json(event)
