"""What is the schema of an event, and which changes of it would break consumers?"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from cli.generate.texts import plain, texts_of
from shared.contracts.envelope import schema_uri
from shared.contracts.events import Event


def schema_of(event: type[Event]) -> dict[str, Any]:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema_uri(event)}
    return {**head, **event.model_json_schema(mode="serialization", schema_generator=_WithTexts)}


class _WithTexts(GenerateJsonSchema):
    """Describes each field by the text below it in the source."""

    def model_schema(self, schema: Any) -> dict[str, Any]:
        made: dict[str, Any] = super().model_schema(schema)
        if "description" in made:
            made["description"] = plain(made["description"])
        for name, text in texts_of(schema["cls"]).items():
            if name in made.get("properties", {}):
                made["properties"][name] = {"description": text, **made["properties"][name]}
        return made


def breaking_changes(old: dict[str, Any], new: dict[str, Any], path: str = "") -> list[str]:
    """The changes that break consumers of the old schema: removed fields, changed types, new required fields."""
    found = []
    for name, was in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is None:
            found.append(f"{path}{name} was removed")
        elif _shape(was) != _shape(now):
            found.append(f"{path}{name} changed its type")
    added = set(new.get("properties", {})) - set(old.get("properties", {}))
    found += [f"{path}{name} is new and required" for name in sorted(added & set(_input_required(new)))]
    for name, definition in old.get("$defs", {}).items():
        if name in new.get("$defs", {}):
            found += breaking_changes(definition, new["$defs"][name], f"{path}{name}.")
    return found


def _input_required(schema: dict[str, Any]) -> list[str]:
    return [name for name in schema.get("required", []) if "default" not in schema["properties"].get(name, {})]


def _shape(schema: dict[str, Any]) -> Any:
    """A schema without descriptions, enumerations and length limits, whose changes do not break readers."""
    ignored = {"title", "description", "default", "enum", "examples", "maxLength"}
    if isinstance(schema, dict):
        return {key: _shape(value) for key, value in schema.items() if key not in ignored}
    return [_shape(item) for item in schema] if isinstance(schema, list) else schema
