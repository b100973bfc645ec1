"""What is the JSON Schema of each file of a pack, for editors to complete and check it while it is written?"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from cli.generate.texts import texts_of
from cli.linting.sections import FOLDERS, SECTIONS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas(folder: Path) -> dict[Path, dict[str, Any]]:
    """The schema of every section (`scoring.yaml`: `scoring.json`) and of every folder (`sequences/*.yaml`)."""
    kinds = {**SECTIONS, **FOLDERS}
    return {folder / f"{name}.json": schema_of_section(name, kind) for name, kind in sorted(kinds.items())}


def schema_of_section(name: str, kind: Any) -> dict[str, Any]:
    schema = TypeAdapter(kind).json_schema(schema_generator=_OfPacks, mode="validation")
    file = f"{name}/*.yaml" if name in FOLDERS else f"{name}.yaml"
    return {"$schema": DIALECT, **schema, "title": file}


class _OfPacks(GenerateJsonSchema):
    """Leaves out fields that are computed, and describes the others by the texts below them in the source."""

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        made: dict[str, Any] = super().dataclass_schema(schema)
        properties = made.get("properties", {})
        computed = {field.name for field in fields(schema["cls"]) if not field.init}
        texts = texts_of(schema["cls"])
        made["properties"] = {
            name: {**({"description": texts[name]} if name in texts else {}), **content}
            for name, content in properties.items()
            if name not in computed
        }
        if "required" in made:
            made["required"] = [name for name in made["required"] if name not in computed]
        return made
