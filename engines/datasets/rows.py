"""What is a row of a file, before anybody knows what its columns mean?"""

from __future__ import annotations

from dataclasses import dataclass

BEGINS = 40


class Unreadable(Exception):
    """A file cannot be read as what it should be; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """As many cells as the header has, from the first line on which the row stands to the last."""

    line: int
    last: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Unread:
    """Lines that are no row, from the first to the last, and why."""

    line: int
    last: int
    reason: str
    begins: str = ""
    """Its first characters, which may say whom it is about."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know of a line that was taken."""

    line: int
    reason: str


@dataclass
class Noticed:
    """What is noticed while the rows of a file are read."""

    warnings: list[Note]
    """Lines that were taken, with something that a person should know."""
    remarks: list[str]
    """What a person should know of the file as a whole."""
    blank: int = 0
    """Lines that say nothing."""
    cut: str | None = None
    """Why the file may have lost its end; known once all rows were read."""

    def remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)


def fitted(line: int, last: int, cells: list[str], width: int) -> Row | Unread:
    """The row in the header's width: missing cells are empty; surplus ones must be."""
    if len(cells) < width:
        cells += [""] * (width - len(cells))
    elif len(cells) > width:
        surplus = next((cell for cell in cells[width:] if cell.strip()), None)
        if surplus is not None:
            reason = f"{len(cells)} cells where the header has {width}; surplus: {surplus[:40]!r}"
            return Unread(line, last, reason, cells[0][:BEGINS])
        del cells[width:]
    return Row(line, last, cells)
