"""Does every value that can be sent to a service have a limit?"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from engines.problems import sentence
from shared.contracts.events import every_event
from shared.contracts.limits import FacilityId, ShortText
from shared.contracts.topology import SERVICES
from shared.runtime import Runtime
from shared.service import RequestHandler
from shared.settings import Settings

ROWS = {"rows", "postings", "model", "policy"}
"""The values of rows, postings and schemes are checked one by one, with their own limits."""


def every_request() -> Iterator[tuple[str, RequestHandler]]:
    for service in SERVICES:
        declared = import_module(f"services.{service}.app").service
        for handler in Runtime(declared, Settings()).requests:
            yield f"{service}.{handler.request.NAME}", handler


def unlimited(schema: dict[str, Any], place: str, definitions: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The places at which a schema accepts a text, a list or a number without a limit, and the type of each."""
    if "$ref" in schema:
        yield from unlimited(definitions[schema["$ref"].rsplit("/", 1)[1]], place, definitions)
    choices = schema.get("anyOf", [])
    is_decimal = "number" in [each.get("type") for each in choices]
    for each in [] if is_decimal else choices:
        yield from unlimited(each, place, definitions)
    kind = schema.get("type")
    if kind == "string" and not {"maxLength", "format", "enum", "const", "pattern"} & schema.keys():
        yield place, kind
    if kind == "integer" and "maximum" not in schema:
        yield place, kind
    if kind == "array":
        if not {"maxItems", "prefixItems"} & schema.keys():
            yield place, kind
        yield from unlimited(schema.get("items", {}), f"{place}[]", definitions)
    for name, inner in schema.get("properties", {}).items():
        if name not in ROWS:
            yield from unlimited(inner, f"{place}.{name}", definitions)


def all_unlimited(
    schema: dict[str, Any], place: str, kinds: tuple[str, ...] = ("string", "integer", "array")
) -> list[str]:
    return [found for found, kind in unlimited(schema, place, schema.get("$defs", {})) if kind in kinds]


def test_every_text_list_and_number_in_a_request_has_a_limit() -> None:
    found = [
        place for name, handler in every_request() for place in all_unlimited(handler.request.model_json_schema(), name)
    ]

    assert found == []


@pytest.mark.parametrize("kind", [ShortText, FacilityId])
def test_a_text_that_is_too_long_is_refused_with_a_short_sentence(kind: Any) -> None:
    with pytest.raises(ValidationError) as invalid:
        TypeAdapter(kind).validate_python("\U0001f31f" * 1_000_000)

    assert sentence(invalid.value, "name") == "name: is longer than 300 characters"


def test_a_text_is_normalized_before_its_length_is_checked() -> None:
    assert TypeAdapter(ShortText).validate_python("\x00 Jane\u200b  Roe\u00ad" + "\u200b" * 1_000) == "Jane Roe"


@pytest.mark.parametrize("text", ["335001.0", "3.35E+05", "15001", "33-5001"])
def test_a_ccn_that_a_spreadsheet_changed_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ValidationError) as invalid:
        TypeAdapter(FacilityId).validate_python(text)

    message = sentence(invalid.value, "facility_id")
    assert message.startswith(f"facility_id: CCN '{text}' is not six characters like 335001")
    assert "write" in message or "wrote" in message


def test_every_text_of_every_event_has_a_limit_in_its_schema() -> None:
    schemas = {event.SUBJECT: event.model_json_schema() for event in every_event()}

    # The publisher of an event limits its lists and counts.
    found = [place for name, schema in schemas.items() for place in all_unlimited(schema, name, kinds=("string",))]

    assert found == []
