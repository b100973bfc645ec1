"""How is output printed?

Text from outside may be hostile: it is printed literally, never as markup.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

WIDE = 160
"""Columns of output to a file or a program, whose width is unknown."""

_piped = not sys.stdout.isatty() and shutil.get_terminal_size().columns < 100
console = Console(highlight=False, width=WIDE if _piped else None)
errors = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    console.print(clean(text), markup=False)


def problem(text: str) -> None:
    """Print to the error stream, on one line."""
    errors.print(clean(text), markup=False, soft_wrap=True)


def line(text: str) -> None:
    """Print one line of any length, for output that may be piped."""
    console.print(clean(text).replace("\n", " "), markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> None:
    """Print rows of anything under a title."""
    drawn = Table(
        title=title, title_justify="left", header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(clean(value)) for value in row))
    console.print(drawn)


def clean(value: Any) -> str:
    """Replace control characters, which a terminal would interpret."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def as_json(content: Any) -> None:
    """Print one line of JSON, for programs."""
    print(json.dumps(content, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)
