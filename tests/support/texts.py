"""Which texts may a hostile or careless sender send, and which fields of a request are texts?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

LENGTHS = (1, 2_704, 8_191, 70_000, 1_000_000)
"""Besides lengths around a limit. PostgreSQL's indexes accept about 2,704 bytes of a text that does not compress."""
SOME_ID = "6f0c1f1e-2b0b-7d53-9a52-6f7a1e0c9b11"
EXAMPLES = {"uuid": SOME_ID, "date": "2026-07-01", "date-time": "2026-07-01T12:00:00Z", "time": "09:00:00"}
BY_NAME = {"facility_id": "335001", "state": "NY", "complete": "NY"}


def texts(limit: int | None, longest: int = 1_000_000) -> Iterator[str]:
    """Incompressible texts; texts around the limit, of one and four bytes a character; texts that cannot be stored."""
    yield ""
    yield from (noise(length) for length in LENGTHS if length <= longest)
    if limit:
        yield "x" * limit
        yield from ("\U0001f31f" * length for length in (limit, limit + 1))
    yield "a\x00b"
    yield "\u202e\x00" * 400


@cache
def noise(length: int) -> str:
    chance = random.Random(length)
    return "".join(map(chr, chance.choices(range(0x4E00, 0x9FFF), k=length)))


def requests_with(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Valid requests with one replaced text each, and the place of that text."""
    for number, (place, limit) in enumerate(places(schema, schema.get("$defs", {}))):
        # A text too large for a message is refused before it is sent: once for each request is enough.
        for text in texts(limit, 70_000 if number else 1_000_000):
            request = example(schema, schema.get("$defs", {}), "")
            put(request, place, text)
            yield ".".join(map(str, place)), request


def places(
    schema: dict[str, Any], defs: dict[str, Any], at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], int | None]]:
    """The places of texts, with their limits."""
    schema = _resolved(schema, defs)
    for choice in schema.get("anyOf", []):
        yield from places(choice, defs, at)
    if schema.get("type") == "string" and not {"enum", "const"} & schema.keys():
        yield at, schema.get("maxLength")
    if schema.get("type") == "array":
        yield from places(schema.get("items", {}), defs, (*at, 0))
    for name, inner in schema.get("properties", {}).items():
        yield from places(inner, defs, (*at, name))


def example(schema: dict[str, Any], defs: dict[str, Any], name: str) -> Any:
    """The smallest valid value."""
    schema = _resolved(schema, defs)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], defs, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "string":
            return EXAMPLES.get(schema.get("format", ""), BY_NAME.get(name, "x" * max(1, schema.get("minLength", 1))))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "array":
            return [example(schema.get("items", {}), defs, name) for _ in range(schema.get("minItems", 0))]
        case "object":
            properties = schema.get("properties", {})
            return {each: example(properties[each], defs, each) for each in schema.get("required", ())}
    return None


def put(request: Any, place: tuple[str | int, ...], text: str) -> None:
    """Set the value at a place, creating its parents."""
    for step, following in zip(place, (*place[1:], None), strict=True):
        value: Any = text if following is None else [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if not request:
                request.append(value)
            elif following is None:
                request[0] = value
            request = request[0]
        else:
            if following is None or not isinstance(request.get(step), dict | list):
                request[step] = value
            request = request[step]


def _resolved(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = defs[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return found
