"""How do AsyncAPI documents describe the headers of events, the payloads of requests, and replies?

The document of the pipeline is generated from the contracts; a running service completes the one of FastStream.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from shared.contracts.envelope import schema_uri
from shared.contracts.events import Event
from shared.contracts.requests import Question

REPLIES = "replies"
"""The channel of all replies; its address is in the header of each request."""
REFUSAL = "Refusal"


def event_headers(event: type[Event]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "Nats-Msg-Id"],
        "properties": {
            "ce-specversion": {"const": "1.0"},
            "ce-id": {"type": "string", "format": "uuid"},
            "ce-source": {"type": "string", "description": "The service that published it, such as `/matcher`"},
            "ce-type": {"const": event.SUBJECT},
            "ce-time": {"type": "string", "format": "date-time"},
            "ce-dataschema": {"const": schema_uri(event)},
            "ce-subject": {"type": "string", "description": f"percent-encoded `{event.KEY}`"},
            "ce-causationid": {"type": "string", "format": "uuid", "description": "The event that caused it"},
            "traceparent": {"type": "string"},
            "Nats-Msg-Id": {"type": "string", "description": "The same as `ce-id`"},
        },
    }


def schemas_of(requests: Iterable[type[Question[Any]]]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """The payload schemas of requests and replies, by request and mode, and the definitions that these refer to."""
    inputs = [(request, "validation", TypeAdapter(request)) for request in requests]
    outputs = [(request, "serialization", TypeAdapter(request.REPLY)) for request in requests]
    payloads, definitions = TypeAdapter.json_schemas(
        [*inputs, *outputs],  # type: ignore[list-item]
        ref_template="#/components/schemas/{model}",
    )
    return payloads, definitions.get("$defs", {})


def add_reply(document: dict[str, Any], operation: dict[str, Any], name: str, payload: dict[str, Any]) -> None:
    """Add the reply to the operation that receives a request: the message `name`, or a refusal."""
    messages = document["components"]["messages"]
    messages[name] = {"name": name, "payload": payload}
    messages[REFUSAL] = _refusal()
    replies = document["channels"].setdefault(REPLIES, {"address": None, "messages": {}})["messages"]
    replies |= {each: {"$ref": f"#/components/messages/{each}"} for each in (name, REFUSAL)}
    operation["reply"] = {
        "address": {"location": "$message.header#/reply"},
        "channel": {"$ref": f"#/channels/{REPLIES}"},
        "messages": [{"$ref": f"#/channels/{REPLIES}/messages/{each}"} for each in (name, REFUSAL)],
    }


def _refusal() -> dict[str, Any]:
    return {
        "name": REFUSAL,
        "summary": "Why a request is not met, instead of the reply.",
        "headers": {
            "type": "object",
            "required": ["Nats-Service-Error-Code", "Nats-Service-Error"],
            "properties": {
                "Nats-Service-Error-Code": {
                    "type": "string",
                    "description": "As in HTTP: 400, 404, 409, 413, 422, 500, 503.",
                },
                "Nats-Service-Error": {"type": "string"},
            },
        },
        "payload": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "message": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
    }
