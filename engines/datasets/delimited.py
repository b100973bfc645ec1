"""What rows does a CSV file have, whatever its delimiter?

Quoting is strict: a quote that opens a cell must close it. If a stray quote joins several lines into one cell, it is
reported, and those lines are read separately if they are complete rows.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator

from engines.datasets.encodings import Text
from engines.datasets.rows import BEGINS, Findings, Row, Unread, Unreadable, fitted

LARGEST_CELL = 1_000_000
MOST_BROKEN = 1_000
"""Rows with broken quotes; a file with more is rejected."""
_DELIMITERS = (",", ";", "\t", "|")
_SEP = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*', re.IGNORECASE)


class _Lines:
    """Lines that can be pushed back, and the lines consumed for the current row."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.consumed: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self.consumed.append(line)
        return line

    def push_back(self, kept: int) -> None:
        """Push back all lines of the current row except the first `kept`."""
        self._again.extendleft(reversed(self.consumed[kept:]))
        self.number -= len(self.consumed) - kept
        del self.consumed[kept:]


def table(
    name: str, text: Text, findings: Findings, keep_empty: bool = False
) -> tuple[list[str], Iterator[Row | Unread]]:
    """The header and the rows after it; raises `Unreadable`."""
    csv.field_size_limit(LARGEST_CELL)
    lines = _Lines(text.lines())
    delimiter, spaced = _dialect(lines, findings)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=spaced)
    while True:
        line, lines.consumed = lines.number + 1, []
        try:
            header = next(reader)
        except StopIteration:
            raise Unreadable(f"{name} is empty.") from None
        except csv.Error as error:
            raise Unreadable(
                f"{name}, line {line}: the header cannot be read: {_quote_error(lines, line, error)}."
            ) from error
        if any(map(str.strip, header)):
            break
        findings.blank += len(lines.consumed)
    ends_lines = _ends(lines.consumed[-1])
    return header, _rows(name, lines, reader, delimiter, len(header), ends_lines, findings, keep_empty)


def _dialect(lines: _Lines, findings: Findings) -> tuple[str, bool]:
    """The delimiter, and whether spaces follow it before a quote. Excel states it in a first line, `sep=;`."""
    for line in lines:
        first_line = _SEP.fullmatch(line)
        if first_line:
            lines.consumed = []
            findings.blank += 1
            _, spaced = _dialect(lines, Findings([], []))
            return first_line[1], spaced
        if line.strip("\ufeff \t\r\n"):
            outside = re.sub(r'"[^"]*"', "", line)
            delimiter = max(_DELIMITERS, key=outside.count) if any(map(outside.count, _DELIMITERS)) else ","
            lines.push_back(0)
            return delimiter, re.search(re.escape(delimiter) + ' +"', line) is not None
    lines.push_back(0)
    return ",", False


def _rows(
    name: str,
    lines: _Lines,
    reader: Iterator[list[str]],
    delimiter: str,
    width: int,
    ends_lines: bool,
    findings: Findings,
    keep_empty: bool,
) -> Iterator[Row | Unread]:
    broken = doubtful = 0  # lines up to `doubtful` were part of a broken row
    narrowest = narrowest_before = width
    last, line = "", 0
    while True:
        line, lines.consumed = lines.number + 1, []
        try:
            cells = next(reader)
            fault = _swallows(lines, delimiter, width, line) if len(lines.consumed) > 1 else None
        except StopIteration:
            break
        except csv.Error as error:
            cells, fault = [], _quote_error(lines, line, error)
        if fault:
            broken += 1
            if broken > MOST_BROKEN:
                raise Unreadable(f"{name}, line {line}: quotes are broken in more than {MOST_BROKEN:,} rows; {fault}.")
            doubtful = max(doubtful, lines.number)
            last = lines.consumed[0]
            lines.push_back(1)
            yield Unread(line, line, fault, last[:BEGINS])
            continue
        last = lines.consumed[-1]
        if not any(map(str.strip, cells)) and not (keep_empty and len(cells) > 1):
            findings.blank += len(lines.consumed)
        elif line <= doubtful and len(cells) != width:
            yield Unread(
                line,
                lines.number,
                "part of a row whose quotes are broken, and not a complete row itself",
                last[:BEGINS],
            )
        elif ends_lines and not _ends(last) and len(cells) < narrowest:
            narrowest_before, narrowest = narrowest, len(cells)
            yield Unread(
                line, lines.number, f"breaks off: {len(cells)} cells of {width}, and no line end", last[:BEGINS]
            )
        else:
            narrowest_before, narrowest = narrowest, min(narrowest, len(cells))
            yield fitted(line, lines.number, cells, width)
    findings.cut = _cut(line - 1, ends_lines and bool(last) and not _ends(last), narrowest < narrowest_before)


def _cut(line: int, unended: bool, shorter: bool) -> str | None:
    if unended:
        return f"line {line}, the last one, does not end like the others"
    return f"line {line}, the last one, has fewer cells than any other" if shorter else None


def _ends(line: str) -> bool:
    return line.endswith(("\n", "\r"))


def _quote_error(lines: _Lines, line: int, error: csv.Error) -> str:
    """Describes what is wrong with the quotes of a row."""
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
    """Why a row of several lines is not one: its first line and a later one would each be a complete row."""
    if width == 1:
        return None
    widths = [_alone(consumed, delimiter) for consumed in lines.consumed]
    if (widths[0] == width and width in widths[1:]) or (width > 3 and width in widths[1:-1]):
        return f"a quote opens here and closes on line {lines.number} (lines {line} to {lines.number} would be one row)"
    return None


def _alone(line: str, delimiter: str) -> int:
    """The number of cells of a line by itself, ignoring quotes that do not close."""
    quoted = rf'(?:(?<=^)|(?<={re.escape(delimiter)}))"(?:[^"]|"")*"(?={re.escape(delimiter)}|[\r\n]*$)'
    return re.sub(quoted, "", line).count(delimiter) + 1
