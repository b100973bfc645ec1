"""Which actor sends a command? A person states their name once, and it is stored for this account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.stack.target import write_private

VARIABLE = "PIPELINE_ME"
LONGEST = 100
OPERATOR = "operator"
"""Recorded for repairs by a person whose name is not known."""

By = Annotated[
    str | None,
    typer.Option("--by", help=f"Your name; by default {VARIABLE}, or that stored by `pipeline me NAME`."),
]


def who(given: str | None = None, *, unknown: str | None = None) -> str:
    """The name of the actor. Without one, a person at a terminal is prompted for it, and it is stored.

    With `unknown`, that is recorded if no name is known, because repairs must not wait for a prompt. Otherwise raises
    `ValueError` if there is no terminal.
    """
    if name := given or known() or unknown:
        return _name(name)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ValueError(
            f"Who are you? This is recorded with a name: `pipeline me NAME` stores yours;"
            f" {VARIABLE}=NAME or --by NAME states it once."
        )
    return remember(typer.prompt("Who are you? Your name, recorded with what you decide", err=True))


def remember(name: str) -> str:
    """Store a name; raises `ValueError` if it is not valid."""
    write_private(_file(), f"{_name(name)}\n")
    return _name(name)


def known() -> str | None:
    """The name from the environment, or else the stored one."""
    return os.environ.get(VARIABLE) or remembered()


def remembered() -> str | None:
    """The stored name; None if there is none."""
    try:
        return _file().read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise ValueError(f"{text!r} is not a name: write 1 to {LONGEST} characters on one line.")
    return name


def _file() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config, "facility-pipeline", "me")
