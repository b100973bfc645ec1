"""Does a command load only the modules that it needs?"""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.commands import COMMANDS
from cli.main import command

LOOK = """
import sys
from cli.main import main
sys.argv = ["pipeline", *sys.argv[1:]]
try:
    main()
except SystemExit:
    print(file=sys.stderr)
    print(*sys.modules, file=sys.stderr)
"""
OURS = {"cli", "engines", "services", "shared"}
SLOW = {"asyncio", "decimal", "http", "importlib.metadata", "pydantic", "rich", "ssl", "yaml"}


def loaded(*words: str) -> set[str]:
    """The modules that are loaded after a command line has run."""
    run = subprocess.run([sys.executable, "-c", LOOK, *words], capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split())


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] in OURS}


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_the_help_loads_no_command_and_no_slow_module(words: list[str]) -> None:
    modules = loaded(*words)

    assert ours(modules) == {"cli", "cli.main", "cli.commands"}
    assert modules & SLOW == set()


def test_a_command_loads_no_other_command() -> None:
    modules = loaded("worklist", "--help")

    assert {name for name in modules if name.startswith("cli.commands.")} == {
        "cli.commands.options",
        "cli.commands.worklist",
    }
    assert not any(name.startswith("cli.demo") for name in modules)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_begins_with_its_line_in_the_list(name: str) -> None:
    _, line = COMMANDS[name]

    assert " ".join(command(name).help.split()).startswith(line.rstrip("."))
