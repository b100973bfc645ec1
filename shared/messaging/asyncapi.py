"""What does FastStream's description of a service leave out?

Its order changes from run to run, it has neither the replies to requests nor the headers of events, and some of its
names are not allowed in AsyncAPI.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.contracts import topology
from shared.contracts.describing import add_reply, event_headers, schemas_of
from shared.contracts.events import DeadLettered
from shared.service import RequestHandler

EVENTS = {event.SUBJECT: event for events in topology.PUBLISHES.values() for event in events}


def complete(document: dict[str, Any], requests: Mapping[str, RequestHandler]) -> dict[str, Any]:
    """The document with the missing parts added, sorted by name."""
    document.pop("servers", None)
    channels, messages = document["channels"], document["components"]["messages"]
    payloads, definitions = schemas_of([each.request for each in requests.values()])
    document["components"].setdefault("schemas", {}).update(definitions)
    for operation in document["operations"].values():
        name = _name(operation["channel"])
        channel = channels[name]
        channel.pop("servers", None)
        if handler := requests.get(channel["address"]):
            add_reply(document, operation, f"{name}.reply", payloads[handler.request, "serialization"])
            continue
        for message in (messages[_name(reference)] for reference in channel["messages"].values()):
            message["headers"] = event_headers(EVENTS.get(channel["address"], DeadLettered))
            message.pop("correlationId", None)
    result: dict[str, Any] = _sorted(document)
    return result


def _name(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _sorted(value: Any) -> Any:
    """Sorts by name, and replaces the colons in FastStream's names, which AsyncAPI does not allow."""
    if isinstance(value, dict):
        return {_plain(name): _plain(value[name]) if name == "$ref" else _sorted(value[name]) for name in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _plain(name: str) -> str:
    return name.replace(":", ".")
