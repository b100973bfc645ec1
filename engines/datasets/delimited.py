"""What rows are in CSV, however its cells are set apart?

Quoting is strict: a quote that opens a cell must close it. A quote that swallows lines is found and named, and the
lines that it swallowed are read by themselves, if they are whole rows.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator

from engines.datasets.encodings import Text
from engines.datasets.rows import BEGINS, Noticed, Row, Unread, Unreadable, fitted

LARGEST_CELL = 1_000_000
MOST_BROKEN = 1_000
"""Rows with broken quotes; a file with more is not CSV as we know it."""
_DELIMITERS = (",", ";", "\t", "|")
_SEP = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*', re.IGNORECASE)


class _Lines:
    """Lines that can be given back, and what was taken for the present row."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self.held.append(line)
        return line

    def give_back(self, kept: int) -> None:
        """All but the first so many lines of the present row are still to be read."""
        self._again.extendleft(reversed(self.held[kept:]))
        self.number -= len(self.held) - kept
        del self.held[kept:]


def table(
    name: str, text: Text, noticed: Noticed, keep_empty: bool = False
) -> tuple[int, list[str], Iterator[Row | Unread]]:
    """The header's line, the header, and the rows after it; raises `Unreadable`."""
    csv.field_size_limit(LARGEST_CELL)
    lines = _Lines(text.lines())
    delimiter, spaced = _dialect(lines, noticed)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=spaced)
    while True:
        line, lines.held = lines.number + 1, []
        try:
            header = next(reader)
        except StopIteration:
            raise Unreadable(f"{name} is empty.") from None
        except csv.Error as error:
            raise Unreadable(f"{name}, line {line}: the header cannot be read: {_said(lines, line, error)}.") from error
        if any(map(str.strip, header)):
            break
        noticed.blank += len(lines.held)
    whole = _ends(lines.held[-1])
    return line, header, _rows(name, lines, reader, delimiter, len(header), whole, noticed, keep_empty)


def _dialect(lines: _Lines, noticed: Noticed) -> tuple[str, bool]:
    """The delimiter, and whether blanks stand between it and a quote. Excel names it in a first line, `sep=;`."""
    for line in lines:
        said = _SEP.fullmatch(line)
        if said:
            lines.held = []
            noticed.blank += 1
            _, spaced = _dialect(lines, Noticed([], []))
            return said[1], spaced
        if line.strip("\ufeff \t\r\n"):
            outside = re.sub(r'"[^"]*"', "", line)
            delimiter = max(_DELIMITERS, key=outside.count) if any(map(outside.count, _DELIMITERS)) else ","
            lines.give_back(0)
            return delimiter, re.search(re.escape(delimiter) + ' +"', line) is not None
    lines.give_back(0)
    return ",", False


def _rows(
    name: str,
    lines: _Lines,
    reader: Iterator[list[str]],
    delimiter: str,
    width: int,
    whole: bool,
    noticed: Noticed,
    keep_empty: bool,
) -> Iterator[Row | Unread]:
    broken = doubtful = 0  # lines up to `doubtful` stood within a broken row
    narrowest = narrowest_before = width
    last, line = "", 0
    while True:
        line, lines.held = lines.number + 1, []
        try:
            cells = next(reader)
            fault = _swallows(lines, delimiter, width, line) if len(lines.held) > 1 else None
        except StopIteration:
            break
        except csv.Error as error:
            cells, fault = [], _said(lines, line, error)
        if fault:
            broken += 1
            if broken > MOST_BROKEN:
                raise Unreadable(f"{name}, line {line}: quotes are broken in more than {MOST_BROKEN:,} rows; {fault}.")
            doubtful = max(doubtful, lines.number)
            last = lines.held[0]
            lines.give_back(1)
            yield Unread(line, line, fault, last[:BEGINS])
            continue
        last = lines.held[-1]
        if not any(map(str.strip, cells)) and not (keep_empty and len(cells) > 1):
            noticed.blank += len(lines.held)
        elif line <= doubtful and len(cells) != width:
            yield Unread(
                line, lines.number, "part of a row whose quotes are broken, and no whole row itself", last[:BEGINS]
            )
        elif whole and not _ends(last) and len(cells) < narrowest:
            narrowest_before, narrowest = narrowest, len(cells)
            yield Unread(
                line, lines.number, f"breaks off: {len(cells)} cells of {width}, and no line end", last[:BEGINS]
            )
        else:
            narrowest_before, narrowest = narrowest, min(narrowest, len(cells))
            yield fitted(line, lines.number, cells, width)
    noticed.cut = _cut(line - 1, whole and bool(last) and not _ends(last), narrowest < narrowest_before)


def _cut(line: int, unended: bool, shorter: bool) -> str | None:
    if unended:
        return f"line {line}, the last one, does not end as the others do"
    return f"line {line}, the last one, has fewer cells than any other" if shorter else None


def _ends(line: str) -> bool:
    return line.endswith(("\n", "\r"))


def _said(lines: _Lines, line: int, error: csv.Error) -> str:
    """What is wrong with the quotes of a row, in words."""
    until = f" (lines {line} to {lines.number})" if lines.number > line else ""
    if "field larger" in str(error):
        if not until:
            return f"a cell has more than {LARGEST_CELL:,} characters"
        return f"a quote opens here and is not closed within {LARGEST_CELL:,} characters{until}"
    if "unexpected end" in str(error):
        return f"a quote opens here and is never closed{until}"
    if until:
        return f"a quote opens here and is closed within a later line{until}, where more text follows"
    return 'text follows the quote that closes a cell; within a quoted cell, a quote is written twice ("")'


def _swallows(lines: _Lines, delimiter: str, width: int, line: int) -> str | None:
    """Why a row over several lines is none: its first line and a later one would each be a whole row by themselves."""
    if width == 1:
        return None
    widths = [_alone(held, delimiter) for held in lines.held]
    if (widths[0] == width and width in widths[1:]) or (width > 3 and width in widths[1:-1]):
        return f"a quote opens here and closes on line {lines.number} (lines {line} to {lines.number} would be one row)"
    return None


def _alone(line: str, delimiter: str) -> int:
    """How many cells a line has by itself, quotes that do not close aside."""
    quoted = rf'(?:(?<=^)|(?<={re.escape(delimiter)}))"(?:[^"]|"")*"(?={re.escape(delimiter)}|[\r\n]*$)'
    return re.sub(quoted, "", line).count(delimiter) + 1
