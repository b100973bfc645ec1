"""Every command of the command line, for tests of what they have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.commands import COMMANDS
from cli.main import command


def every_command() -> dict[str, Any]:
    """Commands by their words: `worklist`, `inbox`, `inbox accept`."""
    return {words: found for name in COMMANDS for words, found in _with_parts(name, command(name))}


def _with_parts(name: str, found: Any) -> Iterator[tuple[str, Any]]:
    yield name, found
    for part, each in getattr(found, "commands", {}).items():
        yield from _with_parts(f"{name} {part}", each)
