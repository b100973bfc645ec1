"""Do custom resources have the fields that their operators know?

The schemas have only the fields that we use, and are closed: an unknown field is a mistake, which the API server would
drop without a word. Their sources are the reference pages of External Secrets, KEDA, the Prometheus Operator and
CloudNativePG.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator

FILE: Final = Path(__file__).parents[1] / "kubernetes" / "custom-resources.yaml"


def schemas() -> dict[tuple[str, str], dict[str, Any]]:
    """The schema of each kind, by its version and name."""
    stated: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {(version, kind): closed(schema) for version, kinds in stated.items() for kind, schema in kinds.items()}


def closed(schema: Any) -> Any:
    """The schema, in which an object has no other fields than the stated ones."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if "properties" in found and isinstance(found["properties"], dict):
        found = {"type": "object", "additionalProperties": False, **found}
    return found


def problems(resource: Mapping[str, Any], known: Mapping[tuple[str, str], Any]) -> list[str]:
    """What its operator would not understand; a kind without a schema is one."""
    place = f"{resource['kind']} {resource['metadata']['name']}"
    schema = known.get((resource["apiVersion"], resource["kind"]))
    if schema is None:
        return [f"{place}: there is no schema for {resource['apiVersion']}"]
    errors = Draft202012Validator(schema).iter_errors(resource.get("spec", {}))
    return [f"{place}: spec.{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in errors]
