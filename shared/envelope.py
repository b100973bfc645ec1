"""How does an event look on the wire?

CloudEvents 1.0, NATS binding: binary mode is written (attributes as `ce-` headers, JSON body), structured mode is
understood as well. `traceparent` follows W3C Trace Context.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import unquote
from uuid import UUID

from pydantic import ValidationError

from shared.events import Event, Origin

E = TypeVar("E", bound=Event)

_ESCAPED = {ord(char): f"%{ord(char):02X}" for char in ' "%'}


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event ready to be sent or stored."""

    event_id: UUID
    subject: str
    headers: dict[str, str]
    body: str


class Malformed(Exception):
    """A message is no event of the expected type; the message says why."""


def new_event_id() -> UUID:
    """A version 7 UUID (RFC 9562): ordered by time, which keeps indexes dense."""
    value = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    return UUID(int=value & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x7000 << 64) | (0x8000 << 48))


def seal(event: Event, service: str, now: datetime, cause: Event | None = None, subject: str | None = None) -> Envelope:
    """Give an event its envelope; an event caused by another one stays in its trace."""
    event_id = new_event_id()
    headers = {
        "ce-specversion": "1.0",
        "ce-id": str(event_id),
        "ce-source": f"/{service}",
        "ce-type": event.SUBJECT,
        "ce-time": now.isoformat(),
        "ce-subject": _escape(event.key),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": f"/events/{event.SUBJECT}.json",
        "traceparent": _trace(cause),
        "Nats-Msg-Id": str(event_id),
    }
    if cause is not None and cause.event_id is not None:
        headers["ce-causationid"] = str(cause.event_id)
    return Envelope(event_id, subject or event.SUBJECT, headers, event.model_dump_json())


def unseal(headers: Mapping[str, str] | None, body: bytes, kind: type[E]) -> E:
    """The event in a message, with its origin; raises `Malformed`."""
    try:
        attributes, data = _attributes(headers or {}, body)
        event = kind.model_validate_json(data)
        event._origin = Origin(
            UUID(attributes["id"]),
            attributes["source"],
            datetime.fromisoformat(attributes["time"]),
            attributes.get("traceparent", ""),
        )
    except KeyError as error:
        raise Malformed(f"attribute {error} is missing") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        raise Malformed(problems) from error
    except ValueError as error:
        raise Malformed(str(error)) from error
    if attributes.get("type") != kind.SUBJECT:
        raise Malformed(f"type is {attributes.get('type')!r}, expected {kind.SUBJECT!r}")
    return event


def _attributes(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    if not headers.get("Content-Type", "").startswith("application/cloudevents"):
        return {name.removeprefix("ce-"): unquote(value) for name, value in headers.items()}, body
    structured: Any = json.loads(body)
    if not isinstance(structured, dict):
        raise Malformed("a structured event must be a JSON object")
    data = json.dumps(structured.pop("data", None)).encode()
    return {name: str(value) for name, value in structured.items()}, data


def _trace(cause: Event | None) -> str:
    parent = cause.origin.traceparent.split("-") if cause is not None and cause.origin else []
    trace_id = parent[1] if len(parent) == 4 else os.urandom(16).hex()
    return f"00-{trace_id}-{os.urandom(8).hex()}-01"


def _escape(text: str) -> str:
    escaped = text.translate(_ESCAPED)
    if escaped.isascii() and escaped.isprintable():
        return escaped
    return "".join(c if c.isascii() and c.isprintable() else "".join(f"%{b:02X}" for b in c.encode()) for c in escaped)
