"""What are the events, for a person who reads?

One page without scripts, and without anything from another host: it opens from a file, and prints.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel

from cli.generate.examples import arguments, example_of, resolved
from cli.generate.texts import plain, texts_of
from shared.contracts import topology
from shared.contracts.events import DeadLettered, Event
from shared.contracts.services import MANIFEST

NAMES = {
    str: "text",
    int: "integer",
    bool: "true or false",
    float: "number",
    Decimal: "decimal, as text",
    date: "date",
    datetime: "instant",
    time: "time of day",
    UUID: "UUID",
}
VERSIONS = ("version", "score_version")


@dataclass(frozen=True, slots=True)
class Field:
    path: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Described:
    """What the page shows of an event."""

    subject: str
    meaning: str
    publishers: list[str]
    consumers: list[str]
    key: str
    version: str | None
    """The field by which events about the same key are ordered."""
    is_state: bool
    """It has the complete state of its key."""
    personal: bool
    snapshot: str
    schema: str
    fields: list[Field]
    example: str


@dataclass(frozen=True, slots=True)
class Section:
    service: str
    question: str
    events: list[Described]


def page(shown: list[Section] | None = None) -> str:
    """The HTML of the page, with all events or those of some services."""
    environment = Environment(
        loader=PackageLoader("cli.generate", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("events.html.j2").render(sections=shown or sections()) + "\n"


def sections() -> list[Section]:
    """The events of every service that publishes any, and the announcement of dead letters."""
    questions = {each.name: each.question for each in MANIFEST}
    found = [
        Section(service, questions[service], [described(event) for event in events])
        for service, events in topology.PUBLISHES.items()
        if events
    ]
    return [*found, Section("every service", "What could not be processed?", [described(DeadLettered)])]


def described(event: type[Event]) -> Described:
    dead = event is DeadLettered
    return Described(
        subject=event.SUBJECT + ".SERVICE" * dead,
        meaning=plain(event.__doc__ or ""),
        publishers=list(topology.SERVICES) if dead else [topology.owner_of(event)],
        consumers=[service for service, events in topology.CONSUMES.items() if event in events],
        key=event.KEY,
        version=next((name for name in VERSIONS if name in event.model_fields), None),
        is_state=_is_state(event),
        personal=event in topology.PERSONAL,
        snapshot="it is for operators; `pipeline dead list` has them" if dead else _why_no_snapshot(event),
        schema="" if dead else f"{event.SUBJECT}.json",
        fields=list(_fields(event, "")),
        example=json.dumps(example_of(event), indent=2, ensure_ascii=False),
    )


def _is_state(event: type[Event]) -> bool:
    """Whether it has a version and a snapshot, or the same fields as an event that has both."""
    listed = [
        each for events in topology.PUBLISHES.values() for each in events if each not in topology.WITHOUT_SNAPSHOT
    ]
    states = [base for each in listed for base in each.__mro__ if base is each or base.__name__.endswith("State")]
    return any(name in event.model_fields for name in VERSIONS) and issubclass(event, tuple(states))


def _why_no_snapshot(event: type[Event]) -> str:
    return plain(topology.WITHOUT_SNAPSHOT.get(event, "")).replace("`", "")


def _fields(kind: type[BaseModel], prefix: str) -> Iterator[Field]:
    """All fields, those of parts under the path that leads to them."""
    texts = texts_of(kind)
    for name, annotation in resolved(kind).items():
        path = f"{prefix}{name}"
        yield Field(path, type_of(annotation), texts.get(name, "").removesuffix("."))
        for part in arguments(annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _fields(part, f"{path}[]." if get_origin(annotation) is tuple else f"{path}.")


def type_of(annotation: Any) -> str:
    """A type in words: `list of text`, `date or null`."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_of(inner[0])
    if origin in (Union, types.UnionType):
        return " or ".join("null" if each is type(None) else type_of(each) for each in inner)
    if origin is Literal:
        return ", ".join(inner)
    if origin is tuple:
        return f"list of {type_of(inner[0])}"
    if origin is dict:
        return f"object: {type_of(inner[0])} to {type_of(inner[1])}"
    return NAMES.get(annotation, "object")
