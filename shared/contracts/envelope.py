"""How does an event look on the wire?

CloudEvents 1.0, NATS binding: binary mode is written (attributes as `ce-` headers, JSON body), structured mode is
understood as well. `traceparent` follows W3C Trace Context.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import unquote
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json

from shared.contracts.events import Event, Origin
from shared.problems import sentence

E = TypeVar("E", bound=Event)

_ESCAPED = {ord(char): f"%{ord(char):02X}" for char in ' "%'}


_SCHEMA_OF = "urn:facility-pipeline:events:"


def schema_uri(kind: type[Event]) -> str:
    """The name of an event's schema: an absolute URI, as CloudEvents demands, and the `$id` in `docs/events`."""
    return _SCHEMA_OF + kind.SUBJECT


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event ready to be sent or stored."""

    event_id: UUID
    subject: str
    headers: dict[str, str]
    body: str


TRACE_ID = 32
"""Hexadecimal digits of one."""
LONGEST_KEY = 10_000
"""Of a header; a stream takes 64 KB of all headers together."""
HEADER_BYTES = 16_384
"""More than the headers of an event have; what a server takes of a message counts them, too."""


class TooLong(ValueError):
    """An event could never be published."""


class Malformed(Exception):
    """A message is no event of the expected type; the message says why."""


def new_event_id(chance: bytes = b"") -> UUID:
    """A version 7 UUID (RFC 9562) of a millisecond, its 4096ths (method 3 of section 6.2) and eight bytes of `chance`.

    The ids of one process are in the order of their making, which orders its outbox and keeps indexes dense.
    """
    millisecond, rest = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(chance or os.urandom(8), "big") >> 2
    return UUID(int=millisecond << 80 | 7 << 76 | (rest << 12) // 1_000_000 << 64 | 2 << 62 | random)


def seal(event: Event, service: str, now: datetime, cause: Event | None = None, subject: str | None = None) -> Envelope:
    """Give an event its envelope; an event caused by another one stays in its trace."""
    chance = os.urandom(16)
    event_id = new_event_id(chance[:8])
    told_id, kind = str(event_id), event.SUBJECT
    origin = cause.origin if cause is not None else None
    headers = {
        "ce-specversion": "1.0",
        "ce-id": told_id,
        "ce-source": f"/{service}",
        "ce-type": kind,
        "ce-time": now.isoformat(),
        "ce-subject": _escape(event.key),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": _SCHEMA_OF + kind,
        "traceparent": f"00-{_trace_id(origin)}-{chance[8:].hex()}-01",
        "Nats-Msg-Id": told_id,
    }
    if origin is not None:
        headers["ce-causationid"] = str(origin.event_id)
    return Envelope(event_id, subject or kind, headers, event.model_dump_json())


def refuse_unpublishable(envelopes: Collection[Envelope], most: int) -> None:
    """Refuse what no stream takes: it would wait in the outbox for ever. Raises `TooLong`.

    `most`: bytes of a message, with its headers, that the server takes.
    """
    for envelope in envelopes:
        key = envelope.headers["ce-subject"]
        if len(key) > LONGEST_KEY:
            raise TooLong(f"{envelope.subject} of {key[:40]!r}: a key has {LONGEST_KEY:,} characters at most.")
    for envelope in too_large(envelopes, most):
        raise TooLong(
            f"{envelope.subject} of {envelope.headers['ce-subject'][:40]!r} has {len(envelope.body.encode()):,} bytes;"
            f" NATS takes {most:,} of a message, and of those the headers need some. Shorten its texts, or raise NATS's"
            " max_payload."
        )


def too_large(envelopes: Iterable[Envelope], most: int) -> list[Envelope]:
    """Those that a server which takes `most` bytes of a message does not take."""
    room = most - HEADER_BYTES
    measured = room // 4  # a character has four bytes at most, so that only long bodies need to be encoded
    return [each for each in envelopes if len(each.body) > measured and len(each.body.encode()) > room]


def unseal(headers: Mapping[str, str] | None, body: bytes, kind: type[E]) -> E:
    """The event in a message, with its origin; raises `Malformed`."""
    try:
        attributes, data = _opened(headers or {}, body)
        event = kind.model_validate_json(data)
        event.came_from(_origin(attributes))
    except KeyError as error:
        raise Malformed(f"attribute {error} is missing") from error
    except ValidationError as error:
        raise Malformed(sentence(error, "body")) from error
    except ValueError as error:
        raise Malformed(str(error)) from error
    if (told := _plain(attributes.get("ce-type", ""))) != kind.SUBJECT:
        raise Malformed(f"type is {told!r}, expected {kind.SUBJECT!r}")
    return event


def _opened(headers: Mapping[str, str], body: bytes) -> tuple[Mapping[str, str], bytes]:
    """The attributes of an event, named as in binary mode, and its JSON."""
    if not headers.get("Content-Type", "").startswith("application/cloudevents"):
        return headers, body
    structured: Any = from_json(body)
    if not isinstance(structured, dict):
        raise Malformed("a structured event must be a JSON object")
    data = json.dumps(structured.pop("data", None)).encode()
    attributes = {f"ce-{name}": str(value) for name, value in structured.items()}
    return {**attributes, "traceparent": attributes.get("ce-traceparent", "")}, data


def _origin(attributes: Mapping[str, str]) -> Origin:
    return Origin(
        UUID(attributes["ce-id"]),
        _plain(attributes["ce-source"]),
        datetime.fromisoformat(_plain(attributes["ce-time"])),
        attributes.get("traceparent", ""),
    )


def _plain(value: str) -> str:
    return unquote(value) if "%" in value else value


def _trace_id(origin: Origin | None) -> str:
    parent = origin.traceparent.split("-") if origin is not None else []
    return parent[1] if len(parent) == 4 and len(parent[1]) == TRACE_ID else os.urandom(16).hex()


def _escape(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    escaped = text.translate(_ESCAPED)
    if escaped.isascii() and escaped.isprintable():
        return escaped
    return "".join(c if c.isascii() and c.isprintable() else "".join(f"%{b:02X}" for b in c.encode()) for c in escaped)
