"""What is a row of a file, before its columns are interpreted?"""

from __future__ import annotations

from dataclasses import dataclass

BEGINS = 40


class Unreadable(Exception):
    """A file cannot be read. The message states why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """As many cells as the header has, with the first and last line of the row."""

    line: int
    last: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Unread:
    """The first and last of the lines that do not form a row, and why."""

    line: int
    last: int
    reason: str
    begins: str = ""
    """The first characters, which may identify the facility."""


@dataclass(frozen=True, slots=True)
class Note:
    """A warning about a line that was used."""

    line: int
    reason: str


@dataclass
class Findings:
    """What was found while the rows of a file were read."""

    warnings: list[Note]
    """Warnings about lines that were used."""
    remarks: list[str]
    """Warnings about the entire file."""
    blank: int = 0
    """The number of blank lines."""
    cut: str | None = None
    """Why the file may be truncated; set once all rows are read."""

    def remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)


def fitted(line: int, last: int, cells: list[str], width: int) -> Row | Unread:
    """The row, with as many cells as the header: missing cells are added as empty; surplus cells must be empty."""
    if len(cells) < width:
        cells += [""] * (width - len(cells))
    elif len(cells) > width:
        surplus = next((cell for cell in cells[width:] if cell.strip()), None)
        if surplus is not None:
            reason = f"{len(cells)} cells where the header has {width}; surplus: {surplus[:40]!r}"
            return Unread(line, last, reason, cells[0][:BEGINS])
        del cells[width:]
    return Row(line, last, cells)
