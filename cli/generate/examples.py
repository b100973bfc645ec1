"""What does an event look like, with invented values?"""

from __future__ import annotations

import types
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID
from zlib import crc32

from pydantic import BaseModel
from pydantic_core import from_json

from shared.contracts import topology
from shared.contracts.envelope import SCHEMA_OF
from shared.contracts.events import DeadLettered, Event

NAMED: dict[str, Any] = {
    "action": "Call today",
    "address": "12 Elm Street",
    "amount": "24000.00",
    "as_of": "2026-06-15",
    "breached_on": "2026-07-01",
    "cause": "facility.matched",
    "chain": "LARKMOOR GROUP",
    "chain_display_name": "Larkmoor Group",
    "channels": ["call", "email"],
    "city": "ALBANY",
    "closed_on": "2026-07-01",
    "cohort": 580,
    "confidence": 0.82,
    "consumer": "matcher-posting-seen",
    "county": "ALBANY",
    "currency": "USD",
    "cuts": {"1": "72.0", "2": "55.5"},
    "dataset": "quality",
    "days": 12,
    "direct_phone": "5185550101",
    "display_name": "Ada Moss",
    "email": "ada.moss@larkmoor.example",
    "employer_name": "Larkmoor Hollow",
    "error": "Malformed: attribute 'ce-id' is missing",
    "evidence": "2 open postings, the first since June 3",
    "expires_on": "2026-07-31",
    "facility_display_name": "Larkmoor Hollow",
    "facility_name": "LARKMOOR HOLLOW",
    "factor": "signal",
    "field": "overall_rating",
    "first_seen_on": "2026-06-03",
    "from_hour": "08:30:00",
    "from_stage": "contacted",
    "from_tier": 2,
    "greeting": "Ms. Moss",
    "group": "larkmoor hollow/albany/NY",
    "hours": 48,
    "import_no": 17,
    "joined_on": "2026-01-12",
    "label": "Open postings",
    "last_seen_on": "2026-06-29",
    "closed_reason": None,
    "converted_facility_id": None,
    "failed_event_id": "01979f5e-8c00-7000-8000-000000004711",
    "kind": "step",
    "known": True,
    "left_on": None,
    "outcome": "reached",
    "reopen_asked_on": None,
    "reverses": None,
    "lifted": False,
    "main_phone": "5185550100",
    "marks": ["facility:33X001"],
    "measure": "0.31",
    "missing": ["a name"],
    "multiplier": "1.10",
    "name": "LARKMOOR HOLLOW",
    "owner": "rep-1",
    "pack": "5f0c1d2e",
    "persona": "director",
    "phone": "5185550100",
    "points": "21.0",
    "previous_score": "54.0",
    "previous_tier": 3,
    "reason": "An open posting was seen again",
    "rep": "rep-1",
    "resume_on": "2026-07-20",
    "role": "director",
    "role_families": ["coordinator"],
    "role_family": "coordinator",
    "score": "61.5",
    "sequence": "standard",
    "sequence_version": "a41be09c",
    "service": "matcher",
    "sizes": {"1": 58, "2": 145, "3": 377},
    "source_posting_id": "A-1042",
    "stage": "qualified",
    "phase": "qualified",
    "state": "NY",
    "subject": "posting.seen",
    "target": "33X001",
    "template": "introduction",
    "territories": ["NY"],
    "ties": {"1": 0, "2": 1},
    "tier": 2,
    "timezone": "America/New_York",
    "title": "Coordinator, full time",
    "to_hour": "17:00:00",
    "to_tier": 1,
    "tries": 5,
    "url": "https://jobs.larkmoor.example/A-1042",
    "urgency": 3,
    "value": "0.60",
    "weight": "0.35",
    "what": "Brochure",
    "zip": "12207",
}
"""Values by the name of a field; the others follow from its type."""
OF_KIND: dict[str, dict[str, Any]] = {
    "LeadState": {"closed_on": None},
    "LeadLost": {"reason": "no_budget"},
    "OtherName": {"name": "LARKMOOR CARE LLC"},
    "Person": {"name": "MOSS, ADA"},
    "PostingSeen": {"closed_on": None},
    "RepAway": {"cover": "rep-2"},
    "RepChanged": {"name": "Kim Rivers", "email": "kim@seller.example"},
    "Sender": {"name": "Kim Rivers", "email": "kim@seller.example"},
    "SuppressionState": {"scope": "facility", "label": "Larkmoor Hollow", "reason": "Asked not to be called"},
    "TouchLogged": {"kind": "done", "channel": "call", "note": "Call again in two weeks"},
}
"""Values by the name of a field in one kind of event."""
SOURCES = {"source": "example", "source_id": "4711", "sources": ["example"]}
BY_TYPE: dict[Any, Any] = {
    str: "text",
    int: 1,
    bool: False,
    float: 0.5,
    Decimal: "1.0",
    date: "2026-07-01",
    datetime: "2026-07-01T12:00:00Z",
    time: "09:00:00",
}
PEOPLE = ("_by", "cover")
FACILITIES = ("facility_id", "covers", "reached")


def example_of(event: type[Event]) -> dict[str, Any]:
    """The data of an invented event, which has every field."""
    made: dict[str, Any] = from_json(event.model_validate(_filled(event)).model_dump_json())
    return made


def headers_of(event: type[Event], data: dict[str, Any]) -> dict[str, str]:
    """The headers of the message of an invented event."""
    event_id = str(_uuid(event.SUBJECT))
    service = data["service"] if event is DeadLettered else topology.owner_of(event)
    return {
        "ce-specversion": "1.0",
        "ce-id": event_id,
        "ce-source": f"/{service}",
        "ce-type": event.SUBJECT,
        "ce-time": "2026-07-01T12:00:00+00:00",
        "ce-subject": str(data[event.KEY]).replace(" ", "%20"),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": SCHEMA_OF + event.SUBJECT,
        "Nats-Msg-Id": event_id,
    }


@cache
def resolved(kind: type[BaseModel]) -> dict[str, Any]:
    """The types of a model's fields, by name."""
    kind.model_rebuild()
    return {name: field.annotation for name, field in kind.model_fields.items()}


def _filled(kind: type[BaseModel]) -> dict[str, Any]:
    own = {name: value for each in reversed(kind.__mro__) for name, value in OF_KIND.get(each.__name__, {}).items()}
    return {**{name: _value(name, annotation) for name, annotation in resolved(kind).items()}, **own}


def _value(name: str, annotation: Any) -> Any:
    known, filled = _by_name(name)
    return filled if known and (filled is None or _fits(filled, annotation)) else _by_type(name, annotation)


def _by_name(name: str) -> tuple[bool, Any]:
    if name in FACILITIES:
        return True, ["33X001"] if name in ("covers", "reached") else "33X001"
    if name.endswith(PEOPLE):
        return True, "bob"
    if name in SOURCES:
        return True, SOURCES[name]
    return name in NAMED, NAMED.get(name)


def _fits(value: Any, annotation: Any) -> bool:
    """Whether a value by name is one of a plain type, and not of a list of parts with the same name."""
    inner = [each for each in arguments(annotation) if isinstance(each, type) and issubclass(each, BaseModel)]
    return not inner and get_origin(annotation) is not Literal


def _by_type(name: str, annotation: Any) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(name, inner[0])
    if origin in (Union, types.UnionType):
        return _value(name, next(each for each in inner if each is not type(None)))
    if origin is Literal:
        return NAMED[name] if NAMED.get(name) in inner else inner[0]
    if origin is tuple:
        return [_value(name.removesuffix("s"), inner[0])]
    if annotation is UUID:
        return str(_uuid(name))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _filled(annotation)
    return BY_TYPE[annotation]


def arguments(annotation: Any) -> list[Any]:
    """A type and all types that it is made of."""
    return [annotation, *(part for each in get_args(annotation) for part in arguments(each))]


def _uuid(name: str) -> UUID:
    return UUID(f"01979f5e-8c00-7000-8000-{crc32(name.encode()):012d}")
