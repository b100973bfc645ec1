"""How is an event encoded as a message?

As CloudEvents 1.0 in the NATS binding: binary mode (attributes as `ce-` headers, JSON body) is written, and structured
mode is read as well. `traceparent` follows W3C Trace Context.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json

from engines.problems import sentence
from shared.contracts.events import Event, Origin

E = TypeVar("E", bound=Event)

_USUAL_KEY = re.compile(r"[A-Za-z0-9-]*")
_ESCAPED = {ord(char): f"%{ord(char):02X}" for char in ' "%'}


SCHEMA_OF = "urn:facility-pipeline:events:"
"""What the name of every schema begins with; the type of the event follows."""


def schema_uri(kind: type[Event]) -> str:
    """The name of an event's schema: an absolute URI, as CloudEvents requires, and the `$id` in `docs/events`."""
    return SCHEMA_OF + kind.SUBJECT


class Envelope(NamedTuple):
    """An event that is ready to be published or stored."""

    event_id: UUID
    subject: str
    headers: dict[str, str]
    body: str


TRACE_ID = 32
"""Hexadecimal digits of a trace id."""
LONGEST_KEY = 10_000
"""Characters of a key, which is a header; a stream accepts 64 KB of headers in total."""
HEADER_BYTES = 16_384
"""More than the headers of an event need, which count toward the server's limit for a message."""


class TooLong(ValueError):
    """An event is too long to be published."""


class Malformed(Exception):
    """A message is not an event of the expected type; the text explains why."""


def new_event_id(random: bytes = b"") -> UUID:
    """A version 7 UUID (RFC 9562): the millisecond, its 4096ths (method 3 of section 6.2) and eight random bytes.

    The ids of one process are in the order of creation, which orders its outbox and keeps indexes dense.
    """
    millisecond, rest = divmod(time.time_ns(), 1_000_000)
    tail = int.from_bytes(random or os.urandom(8), "big") >> 2
    return UUID(int=millisecond << 80 | 7 << 76 | (rest << 12) // 1_000_000 << 64 | 2 << 62 | tail)


def seal(event: Event, service: str, now: datetime, cause: Event | None = None, subject: str | None = None) -> Envelope:
    """Wrap an event in its envelope; an event that another one caused continues its trace."""
    random = os.urandom(32)
    event_id = new_event_id(random[:8])
    id_text, kind = str(event_id), event.SUBJECT
    origin = cause.origin if cause is not None else None
    headers = {
        "ce-specversion": "1.0",
        "ce-id": id_text,
        "ce-source": f"/{service}",
        "ce-type": kind,
        "ce-time": _time(now),
        "ce-subject": _escape(event.key),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": SCHEMA_OF + kind,
        "traceparent": f"00-{_trace_id(origin) or random[16:].hex()}-{random[8:16].hex()}-01",
        "Nats-Msg-Id": id_text,
    }
    if origin is not None:
        headers["ce-causationid"] = str(origin.event_id)
    return Envelope(event_id, subject or kind, headers, event.model_dump_json())


def refuse_unpublishable(envelopes: Collection[Envelope], max_bytes: int) -> None:
    """Raise `TooLong` for events that no stream would accept, since they would stay in the outbox forever.

    `max_bytes`: the largest message, headers included, that the server accepts.
    """
    for envelope in envelopes:
        key = envelope.headers["ce-subject"]
        if len(key) > LONGEST_KEY:
            raise TooLong(f"{envelope.subject} of {key[:40]!r}: a key has {LONGEST_KEY:,} characters at most.")
    for envelope in too_large(envelopes, max_bytes):
        raise TooLong(
            f"{envelope.subject} of {envelope.headers['ce-subject'][:40]!r} has {len(envelope.body.encode()):,} bytes;"
            f" NATS accepts {max_bytes:,} in a message, headers included. Shorten it, or raise NATS's max_payload."
        )


def too_large(envelopes: Iterable[Envelope], max_bytes: int) -> list[Envelope]:
    """The envelopes that a server with this limit for a message would not accept."""
    limit = max_bytes - HEADER_BYTES
    certain = limit // 4  # a character has at most four bytes, so only longer bodies need to be encoded
    return [each for each in envelopes if len(each.body) > certain and len(each.body.encode()) > limit]


def unseal(headers: Mapping[str, str] | None, body: bytes, kind: type[E]) -> E:
    """The event in a message, with its origin; raises `Malformed`."""
    try:
        attributes, data = opened(headers or {}, body)
        event = kind.model_validate_json(data)
        event.set_origin(_origin(attributes))
    except KeyError as error:
        raise Malformed(f"attribute {error} is missing") from error
    except ValidationError as error:
        raise Malformed(sentence(error, "body")) from error
    except ValueError as error:
        raise Malformed(str(error)) from error
    if (found := plain(attributes.get("ce-type", ""))) != kind.SUBJECT:
        raise Malformed(f"type is {found!r}, expected {kind.SUBJECT!r}")
    return event


def opened(headers: Mapping[str, str], body: bytes) -> tuple[Mapping[str, str], bytes]:
    """The attributes of an event, with the names of binary mode, and its JSON."""
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
        plain(attributes["ce-source"]),
        datetime.fromisoformat(plain(attributes["ce-time"])),
        attributes.get("traceparent", ""),
    )


def plain(value: str) -> str:
    """An attribute without the percent-encoding that headers need."""
    return unquote(value) if "%" in value else value


def _trace_id(origin: Origin | None) -> str | None:
    """The trace that an event continues."""
    parent = origin.traceparent.split("-") if origin is not None else []
    return parent[1] if len(parent) == 4 and len(parent[1]) == TRACE_ID else None


@lru_cache(maxsize=8)
def _time(now: datetime) -> str:
    """The events of a transaction have the same time."""
    return now.isoformat()


def _escape(text: str) -> str:
    if _USUAL_KEY.fullmatch(text):
        return text
    escaped = text.translate(_ESCAPED)
    if escaped.isascii() and escaped.isprintable():
        return escaped
    return "".join(c if c.isascii() and c.isprintable() else "".join(f"%{b:02X}" for b in c.encode()) for c in escaped)
