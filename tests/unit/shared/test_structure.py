"""Is the code free of import cycles, and does every module of the kernel keep to its package?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODE = ("shared", "services", "engines", "cli")
MAX_LINES = 300
"""The maximum of lines in a module, except in the list of the events."""
STATEMENTS = ("SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH ")


def modules(*folders: str) -> dict[str, Path]:
    """Every module of these packages by its name; of the kernel, if none are given."""
    found = {}
    for path in sorted(path for folder in folders or ("shared",) for path in (ROOT / folder).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: set[str]) -> set[str]:
    """All imports of a module, including those in functions and those for types only."""
    return {name for node in ast.walk(ast.parse(path.read_text())) for name in _named(node) if name in known}


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def cycle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def packages(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The same graph between the packages of the kernel: `shared.storage`, `shared.messaging`."""
    found: dict[str, set[str]] = {}
    for module, used in graph.items():
        if module.count(".") > 1:
            package = module.rpartition(".")[0]
            found.setdefault(package, set()).update(name.rpartition(".")[0] for name in used if name.count(".") > 1)
    return {package: used - {package} for package, used in found.items()}


def graph_of(known: dict[str, Path]) -> dict[str, set[str]]:
    return {name: imports(path, set(known)) - {name} for name, path in known.items()}


def test_no_module_is_in_an_import_cycle() -> None:
    graph = graph_of(modules(*CODE))

    assert len(graph) > 250
    assert cycle(graph) == []


def test_no_package_of_the_kernel_is_in_an_import_cycle() -> None:
    assert cycle(packages(graph_of(modules()))) == []


def test_a_cycle_is_found() -> None:
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []


def test_sql_statements_of_the_kernel_are_only_in_its_storage() -> None:
    elsewhere = [
        f"{name}: {node.value[:40]}"
        for name, path in modules().items()
        if not name.startswith("shared.storage")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(STATEMENTS)
    ]

    assert elsewhere == []


def test_only_one_module_unpacks_rows_so_that_no_statement_stores_null_for_a_misspelled_key() -> None:
    unpacking = {name for name, path in modules(*CODE).items() if "_populate_record" in path.read_text()}

    assert unpacking == {"shared.storage.writing"}


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in modules(*CODE).items()}

    assert {name for name, lines in lengths.items() if lines > MAX_LINES} == {"shared.contracts.events"}


REPLACED = {"sys.argv", "sys.stdin.isatty", "sys.stderr.isatty", "typer.prompt"}
"""What tests may replace: the interface to a terminal, and none of our own code."""


def test_no_test_replaces_a_part_of_our_own_code() -> None:
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "setattr":
                found.add(
                    ".".join(ast.unparse(each).strip("'") for each in call.args[: -1 if len(call.args) > 2 else 1])
                )

    assert found == REPLACED


def test_the_handler_in_the_readme_is_the_one_in_the_code() -> None:
    _, _, rest = (ROOT / "README.md").read_text().partition("```python\n")
    shown, _, _ = rest.partition("```")

    assert shown
    assert shown in (ROOT / "services/scorer/handlers.py").read_text()
