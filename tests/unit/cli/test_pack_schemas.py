"""Do the schemas, by which editors check a pack while it is written, agree with what services accept?"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cli.linting.sections import FOLDERS, SECTIONS, settings_of_services

REPOSITORY = Path(__file__).parents[3]
SCHEMAS = REPOSITORY / "docs" / "packs"
PACKS = [path.parent for root in ("packs", "tests/fixtures/packs") for path in (REPOSITORY / root).glob("*/pack.yaml")]
FILES = [
    (pack, path.relative_to(pack).with_suffix("").as_posix()) for pack in PACKS for path in sorted(pack.rglob("*.yaml"))
]


def schema_of(file: str) -> str | None:
    """The schema of a file of a pack: its own, or that of its folder."""
    return next((name for name in (file, file.partition("/")[0]) if name in {**SECTIONS, **FOLDERS}), None)


@cache
def schema(name: str) -> Draft202012Validator:
    content = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def stated(text: str) -> Any:
    """A file as an editor sees it: keys are texts, and so are dates."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.mark.parametrize("pack,file", FILES, ids=lambda value: value if isinstance(value, str) else value.name)
def test_an_editor_accepts_every_file_that_services_accept(pack: Path, file: str) -> None:
    if name := schema_of(file):
        content = stated((pack / f"{file}.yaml").read_text(encoding="utf-8"))
        assert [error.message for error in schema(name).iter_errors(content)] == []


@pytest.mark.parametrize("name", [name for name in (*SECTIONS, *FOLDERS) if name != "matching/words"])
def test_an_editor_marks_a_key_that_does_not_exist(name: str) -> None:
    errors = list(schema(name).iter_errors({"no_such_key": 1}))

    assert any("no_such_key" in error.message or error.context for error in errors)


def test_an_editor_offers_no_key_that_is_computed_and_explains_those_that_are_written() -> None:
    sequence: Any = schema("sequences").schema

    assert "times" not in sequence["properties"]
    assert sequence["properties"]["rest_days"]["description"].startswith("The days for which an account")


def test_no_two_services_state_what_a_section_contains() -> None:
    names = [name for one in settings_of_services().values() for name in getattr(one, "SECTIONS", {})]

    assert sorted(names) == sorted(set(names))
