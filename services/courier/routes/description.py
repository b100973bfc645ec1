"""How is the HTTP surface described to the author of a client?"""

from __future__ import annotations

from typing import Any

from services.courier.routes.describing_webhooks import paths as paths_of_webhooks
from services.courier.routes.describing_webhooks import schemas as schemas_of_webhooks
from services.courier.routes.events import CURSOR, LONGEST_WAIT, MOST, STREAM
from shared.contracts.cloudevents import BATCH, STRUCTURED
from shared.contracts.envelope import SCHEMA_OF
from shared.http import openapi
from shared.http.openapi import errors, ref


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    paths = {
        "/events": {"get": _batch()},
        "/events/stream": {"get": _stream()},
        "/events/{event_id}": {"get": _one()},
        "/calendar/{token}.ics": {"get": _calendar()},
        **paths_of_webhooks(),
    }
    description = (
        "Programs read events from a log, each from its own cursor on. A key states which types they may read."
        " With a key for that, they manage webhooks, which are called with events."
    )
    return openapi.document("courier", description, paths, {"Event": _EVENT, **schemas_of_webhooks()})


def _batch() -> dict[str, Any]:
    events = {"type": "array", "items": ref("Event"), "maxItems": MOST}
    return {
        "operationId": "readEvents",
        "summary": "The next events after a cursor, in the order of the log",
        "parameters": [_AFTER, _TYPES, _LIMIT, _WAIT],
        "responses": {
            "200": {
                "description": "The events, perhaps none",
                "headers": {"Link": _LINK},
                "content": {BATCH: {"schema": events}},
            },
            **errors(*_REFUSALS),
        },
    }


def _stream() -> dict[str, Any]:
    return {
        "operationId": "followEvents",
        "summary": "Events as they happen, as server-sent events; a client that comes back states the last id",
        "parameters": [_AFTER, _TYPES, _LAST_EVENT_ID],
        "responses": {
            "200": {
                "description": "`id` is the cursor, `event` the type, `data` an Event on one line",
                "content": {STREAM: {"schema": {"type": "string"}}},
            },
            **errors(*_REFUSALS),
        },
    }


def _one() -> dict[str, Any]:
    event_id = {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "operationId": "readEvent",
        "summary": "An event by its id, such as one that was too large for a webhook",
        "parameters": [event_id],
        "responses": {
            "200": {"description": "The event", "content": {STRUCTURED: {"schema": ref("Event")}}},
            **errors("403", "404"),
        },
    }


def _calendar() -> dict[str, Any]:
    token = {"name": "token", "in": "path", "required": True, "description": "The secret", "schema": {"type": "string"}}
    return {
        "operationId": "readCalendar",
        "summary": "The open tasks of a rep as iCalendar; the address is the secret",
        "security": [],
        "parameters": [token],
        "responses": {
            "200": {
                "description": "An entry for each task, on its day",
                "content": {"text/calendar": {"schema": {"type": "string"}}},
            },
            "304": {"description": "Nothing changed since the entity tag of `If-None-Match`"},
            **errors("404", with_key=False),
        },
    }


def _parameter(name: str, description: str, place: str = "query", **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "description": description, "schema": schema}


_REFUSALS = ("403", "410", "422")
_LINK = {
    "description": "The address of the next part, with `rel=next`",
    "schema": {"type": "string"},
}
_AFTER = _parameter(
    "after",
    "The cursor of the last event that was read. `0`: all that is left of the log; `now`: what comes from now on",
    type="string",
    pattern=CURSOR,
    default="0",
)
_TYPES = _parameter(
    "types",
    "Types such as `score.changed`, or `lead.*`, separated by commas; without it, all that the key may read",
    type="string",
)
_LIMIT = _parameter("limit", "How many events at most", type="integer", minimum=1, maximum=MOST, default=100)
_WAIT = _parameter(
    "wait",
    "How many seconds to wait for an event if there is none",
    type="integer",
    minimum=0,
    maximum=LONGEST_WAIT,
    default=0,
)
_LAST_EVENT_ID = _parameter(
    "Last-Event-ID", "Instead of `after`, as clients send it by themselves", "header", type="string", pattern=CURSOR
)
_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "A CloudEvent 1.0. JSON Schemas of the data are in docs/events",
    "required": ["specversion", "id", "source", "type", "subject", "time", "dataschema", "cursor", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "The same whenever and however it is delivered"},
        "source": {"type": "string", "description": "The service that published it"},
        "type": {"type": "string"},
        "subject": {"type": "string", "description": "What it is about: a facility or a posting"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "pattern": f"^{SCHEMA_OF}"},
        "traceparent": {"type": "string"},
        "cursor": {"type": "string", "description": "Read on with this as `after`"},
        "data": {"type": "object"},
    },
}
