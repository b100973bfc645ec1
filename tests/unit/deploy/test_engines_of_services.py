"""Does each image have every engine that its service imports?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts.services import MANIFEST, ServiceEntry

REPOSITORY = Path(__file__).resolve().parents[3]
IN_EVERY_IMAGE = {"datasets", "packs"}
OTHERS_PURPOSE = {"fitting"}
"""Packages of engines that run outside of services."""


def engines_in(folder: Path) -> set[str]:
    """The engines that the modules of a folder import, anywhere in them."""
    modules = (path for path in folder.rglob("*.py") if OTHERS_PURPOSE.isdisjoint(path.relative_to(folder).parts))
    named = {name for path in modules for node in ast.walk(ast.parse(path.read_text())) for name in _imported(node)}
    return {name for name in named if (REPOSITORY / "engines" / name).is_dir()}


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("engines."))
    elif isinstance(node, ast.ImportFrom) and node.module == "engines":
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engines."):
        yield (node.module or "").split(".")[1]


def needed(service: str) -> set[str]:
    """The engines of a service and of the kernel, and those that they import."""
    found: set[str] = set()
    further = engines_in(REPOSITORY / "services" / service) | engines_in(REPOSITORY / "shared")
    while further:
        found |= further
        further = {name for each in further for name in engines_in(REPOSITORY / "engines" / each)} - found
    return found


@pytest.mark.parametrize("service", MANIFEST, ids=lambda service: service.name)
def test_the_manifest_lists_the_engines_that_a_service_imports_and_no_other(service: ServiceEntry) -> None:
    assert {*service.engines} == needed(service.name) - IN_EVERY_IMAGE


def test_an_engine_that_only_another_engine_imports_is_needed_too() -> None:
    assert "drafting" in engines_in(REPOSITORY / "engines" / "reports")
    assert "naming" in needed("notifier")
