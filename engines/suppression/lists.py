"""What do the rows of a list of suppressions state, and who owns those of their targets?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engines.suppression.changes import Cause, Change, NoTarget, Stated
from engines.suppression.statements import ALL, CHANNELS

LONGEST_REASON = 300
"""The maximum length of a reason in a list; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a line states."""

    line: int
    stated: Stated


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that states nothing, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """What a line changes: the channels before, unless it adds the suppression, and after."""

    line: int
    label: str
    added: bool
    before: str | None
    after: str | None


def read(line: int, reason: str | None, cause: Cause, state: Callable[[Cause], Stated]) -> Listed | Reject:
    """What a row states, for the reason that it has or that of the list; `state` raises `NoTarget`."""
    try:
        return Listed(line, state(cause_of(reason, cause)))
    except NoTarget as error:
        return Reject(line, str(error))


def changed_lines(listed: Sequence[Listed], changes: Sequence[Change]) -> list[ChangedLine]:
    """The changes of a list, each with the line that states it."""
    line_of = {id(each.stated): each.line for each in listed}
    return [
        ChangedLine(
            line_of[id(each.by)],
            each.after.label,
            each.before is None,
            ", ".join(each.before.channels) if each.before else None,
            ", ".join(each.after.channels) or None,
        )
        for each in changes
    ]


def cause_of(reason: str | None, cause: Cause) -> Cause:
    """The cause of a list, with the reason of a row if it has one."""
    return replace(cause, reason=(text_of(reason) or cause.reason)[:LONGEST_REASON])


def channels_of(cell: str | None) -> list[str]:
    """The channels of a row, none for an empty cell; raises `NoTarget`."""
    words = [word.strip().lower() for word in re.split(r"[;,|/]", text_of(cell)) if word.strip()]
    if unknown := [word for word in words if word not in (ALL, *CHANNELS)]:
        raise NoTarget(f"channels: {unknown[0]!r} is none of {', '.join(CHANNELS)} and {ALL}")
    return words


def text_of(cell: str | None) -> str:
    """The text of a cell, without the apostrophe that keeps a spreadsheet from treating it as a formula."""
    return re.sub(r"^'(?=[=+\-@])", "", (cell or "").strip())
