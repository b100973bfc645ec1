"""How is output printed?

Text from outside may be hostile: it is printed literally, never as markup.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

LONGEST = 32
"""Characters of the longest word that a table does not break; ids of events are longer."""
PADDING = 2
"""Columns between two columns of a table."""
WIDE = 160
"""Columns of output to a file or a program, whose width is unknown."""

_piped = not sys.stdout.isatty() and shutil.get_terminal_size().columns < 100
console = Console(highlight=False, width=WIDE if _piped else None)
errors = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    console.print(clean(text), markup=False)


def number(count: int, noun: str) -> str:
    """A count with its noun: 1 posting, 2 postings."""
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def problem(text: str) -> None:
    """Print to the error stream, on one line."""
    errors.print(clean(text), markup=False, soft_wrap=True)


def line(text: str) -> None:
    """Print one line of any length, for output that may be piped."""
    console.print(clean(text).replace("\n", " "), markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[str] = ()) -> None:
    """Print rows of anything under a title. Words, such as ids, stay complete if there is space for them."""
    cells = [[clean(value) for value in row] for row in rows]
    drawn = Table(
        title=title, title_justify="left", header_style="bold", box=None, pad_edge=False, padding=(0, PADDING, 0, 0)
    )
    for column, width in zip(columns, _widths([columns, *cells]), strict=True):
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold", width=width)
    for row in cells:
        drawn.add_row(*map(escape, row))
    console.print(drawn)


def _widths(rows: Sequence[Sequence[str]]) -> list[int | None]:
    """The widths of columns in which no word is broken; None if all fits anyway, or if not even the words fit.

    What is left goes to the columns that need the least first.
    """
    columns = list(zip(*rows, strict=True))
    needed = [max(cell_len(line) for cell in cells for line in (cell.splitlines() or [""])) for cells in columns]
    widths = [min(most, _longest_word(cells)) for most, cells in zip(needed, columns, strict=True)]
    space = console.width - PADDING * len(columns)
    if sum(needed) <= space or sum(widths) > space:
        return [None] * len(columns)
    left = space - sum(widths)
    for done, number in enumerate(sorted(range(len(columns)), key=lambda each: needed[each] - widths[each])):
        more = min(needed[number] - widths[number], left // (len(columns) - done))
        widths[number], left = widths[number] + more, left - more
    return list(widths)


def _longest_word(cells: Iterable[str]) -> int:
    """The length of the longest word; a word that is too long for a column is broken."""
    longest = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
    return longest if longest <= LONGEST else LONGEST // 2


def clean(value: Any) -> str:
    """Replace control characters, which a terminal would interpret."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


def as_json(content: Any) -> None:
    """Print one line of JSON, for programs."""
    print(json.dumps(content, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)
