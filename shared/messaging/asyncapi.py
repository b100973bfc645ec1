"""What does FastStream's description of a service leave out?

Its order changes from run to run, it has neither the replies to requests nor the headers of events, and some of its
names are not allowed in AsyncAPI.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from shared.service import RequestHandler

REPLIES = "replies"
HEADERS: dict[str, Any] = {
    "type": "object",
    "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "Nats-Msg-Id"],
    "properties": {
        "ce-specversion": {"const": "1.0"},
        "ce-id": {"type": "string", "format": "uuid"},
        "ce-source": {"type": "string", "description": "The service that published it, such as `/matcher`"},
        "ce-type": {"type": "string", "description": "The subject"},
        "ce-time": {"type": "string", "format": "date-time"},
        "ce-subject": {"type": "string", "description": "The key of the facility or posting that it is about"},
        "ce-causationid": {"type": "string", "format": "uuid", "description": "The event that caused it"},
        "traceparent": {"type": "string"},
        "Nats-Msg-Id": {"type": "string", "description": "The same as `ce-id`"},
    },
}
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "message": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def complete(document: dict[str, Any], requests: Mapping[str, RequestHandler]) -> dict[str, Any]:
    """The document with the missing parts added, sorted by name."""
    document.pop("servers", None)
    channels, messages = document["channels"], document["components"]["messages"]
    schemas = document["components"].setdefault("schemas", {})
    for channel in channels.values():
        channel.pop("servers", None)
    for operation in document["operations"].values():
        key = operation["channel"]["$ref"].rpartition("/")[2]
        handler = requests.get(channels[key]["address"])
        if handler is None:
            for reference in channels[key]["messages"].values():
                message = messages[reference["$ref"].rpartition("/")[2]]
                message["headers"] = HEADERS
                message.pop("correlationId", None)
            continue
        name = f"{key}:Reply"
        schemas[name] = {"anyOf": [_reply_schema(handler, schemas), ERROR]}
        messages[name] = {"title": name, "payload": {"$ref": f"#/components/schemas/{name}"}}
        channels[f"{key}:{REPLIES}"] = {
            "address": None,
            "messages": {"reply": {"$ref": f"#/components/messages/{name}"}},
        }
        operation["reply"] = {
            "address": {"location": "$message.header#/reply"},
            "channel": {"$ref": f"#/channels/{key}:{REPLIES}"},
        }
    result: dict[str, Any] = _sorted(document)
    return result


def _reply_schema(handler: RequestHandler, schemas: dict[str, Any]) -> dict[str, Any]:
    hint = get_type_hints(handler.handle).get("return", Any)
    schema = TypeAdapter(hint).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    return schema


def _sorted(value: Any) -> Any:
    """Sorts by name, and replaces the colons in FastStream's names, which AsyncAPI does not allow."""
    if isinstance(value, dict):
        return {_plain(name): _plain(value[name]) if name == "$ref" else _sorted(value[name]) for name in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _plain(name: str) -> str:
    return name.replace(":", ".")
