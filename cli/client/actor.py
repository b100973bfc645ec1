"""Who acts? Asked once, and remembered for whoever uses this account of the machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.stack.target import write_private

VARIABLE = "PIPELINE_ME"
LONGEST = 100

By = Annotated[
    str | None, typer.Option("--by", help=f"Who says so; else {VARIABLE}, else whom `pipeline me NAME` remembers.")
]


def who(given: str | None = None) -> str:
    """The name under which something is recorded; a person at a terminal is asked for it, once.

    Raises `ValueError` where nobody can be asked.
    """
    if name := given or known():
        return _name(name)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ValueError(
            f"Who are you? This is recorded with a name: `pipeline me NAME` remembers yours;"
            f" {VARIABLE}=NAME or --by NAME gives one for once."
        )
    return remember(typer.prompt("Who are you? Your name, recorded with what you decide", err=True))


def operator() -> str:
    """Who runs the services, by name where it is known: nobody is asked for one while something is being repaired."""
    return _name(known() or "operator")


def remember(name: str) -> str:
    """Raises `ValueError` for what is no name."""
    write_private(_file(), f"{_name(name)}\n")
    return _name(name)


def known() -> str | None:
    """The name that is remembered, or that the environment gives instead."""
    return os.environ.get(VARIABLE) or remembered()


def remembered() -> str | None:
    """None where nobody has been asked yet."""
    try:
        return _file().read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise ValueError(f"{text!r} is no name: write 1 to {LONGEST} characters on one line.")
    return name


def _file() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config, "facility-pipeline", "me")
