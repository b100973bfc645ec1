"""What are the events and requests of services, as an AsyncAPI 3.0 document?

A channel per subject with its payload, and an operation per publisher, consumer and handler of a request. The document
of the pipeline is generated; a running service describes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from shared.contracts import topology
from shared.contracts.envelope import schema_uri
from shared.contracts.events import DeadLettered, Event
from shared.contracts.requests import Question

REPLIES = "replies"
"""The channel of all replies; its address is in the header of each request."""
REFUSAL = "Refusal"
DEFINITION = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Part:
    """What a service consumes and which requests it handles; the topology states what it publishes."""

    service: str
    consumes: Sequence[type[Event]]
    requests: Sequence[type[Question[Any]]]


def asyncapi(title: str, parts: Iterable[Part], payload_of: Callable[[type[Event]], dict[str, Any]]) -> dict[str, Any]:
    """A complete document; `payload_of` returns the schema of an event, or a reference to it."""
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {
            "title": title,
            "version": "1.0.0",
            "description": "Events are CloudEvents 1.0 in NATS binary mode on JetStream; questions and commands are"
            " request/reply on subjects that no stream captures. Bodies are JSON. Additive change only.",
        },
        "defaultContentType": "application/json",
        "channels": {},
        "operations": {},
        "components": {"messages": {}, "schemas": {}},
    }
    described = list(parts)
    for part in described:
        _add_events(document, part, payload_of)
    _add_requests(document, described)
    return document


def inline(event: type[Event]) -> dict[str, Any]:
    """The schema of an event, whose definitions belong in the components of the document."""
    return event.model_json_schema(mode="serialization", ref_template=DEFINITION)


# --- events --------------------------------------------------------------------------------------------------


def _add_events(document: dict[str, Any], part: Part, payload_of: Callable[[type[Event]], dict[str, Any]]) -> None:
    published: list[tuple[type[Event], str, str]]
    published = [(event, event.__name__, event.SUBJECT) for event in topology.PUBLISHES[part.service]]
    published.append((DeadLettered, f"dead-{part.service}", f"dead.{part.service}"))
    consumed = [(event, event.__name__, event.SUBJECT) for event in part.consumes]
    for event, channel, subject in [*published, *consumed]:
        payload = payload_of(event)
        document["components"]["schemas"] |= payload.pop("$defs", {})
        document["components"]["messages"][event.__name__] = {
            "name": event.SUBJECT,
            "summary": _summary(event),
            "payload": payload,
            "headers": _headers(event),
        }
        document["channels"][channel] = _channel(subject, event.__name__)
    operations, service = document["operations"], part.service
    for event, channel, _ in published:
        operations[f"{service}-publishes-{event.__name__}"] = _operation("send", service, channel)
    for event, channel, _ in consumed:
        operations[f"{service}-consumes-{event.__name__}"] = _operation("receive", service, channel)


def _headers(event: type[Event]) -> dict[str, Any]:
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


# --- questions and commands ----------------------------------------------------------------------------------


def _add_requests(document: dict[str, Any], parts: Iterable[Part]) -> None:
    handled = [(part.service, request) for part in parts for request in part.requests]
    payloads, definitions = _schemas(dict.fromkeys(request for _, request in handled))
    document["components"]["schemas"] |= definitions
    for service, request in handled:
        name, subject = f"{request.SERVICE}.{request.__name__}", request.subject_at(service)
        document["components"]["messages"][name] = {
            "name": name,
            "summary": _summary(request),
            "payload": payloads[request, "validation"],
        }
        document["channels"][subject] = _channel(subject, name)
        operation = document["operations"][f"{service}-answers-{name}"] = _operation("receive", service, subject)
        _add_reply(document, operation, f"{name}.reply", payloads[request, "serialization"])


def _schemas(requests: Iterable[type[Question[Any]]]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """The payload schemas of requests and replies, by request and mode, and the definitions that these refer to."""
    inputs = [(request, "validation", TypeAdapter(request)) for request in requests]
    outputs = [(request, "serialization", TypeAdapter(request.REPLY)) for request in requests]
    payloads, definitions = TypeAdapter.json_schemas(
        [*inputs, *outputs],  # type: ignore[list-item]
        ref_template=DEFINITION,
    )
    return payloads, definitions.get("$defs", {})


def _add_reply(document: dict[str, Any], operation: dict[str, Any], name: str, payload: dict[str, Any]) -> None:
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


# --- both ----------------------------------------------------------------------------------------------------


def _channel(subject: str, message: str) -> dict[str, Any]:
    return {"address": subject, "messages": {message: {"$ref": f"#/components/messages/{message}"}}}


def _operation(action: str, service: str, channel: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "tags": [{"name": service}]}


def _summary(of: type[Any]) -> str:
    return (of.__doc__ or "").split("\n\n")[0].strip()
