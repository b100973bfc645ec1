"""What does a row of a list of suppressions state?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from engines.suppression.statements import ALL, CHANNELS
from services.notifier.domain.suppressing import Cause, NoTarget, Stated, of_address, of_domain

LONGEST_REASON = 300
"""The maximum length of a reason in a list; a longer one is cut."""


class Cells(Protocol):
    """The cells of a row."""

    @property
    def line(self) -> int: ...
    @property
    def email(self) -> str | None: ...
    @property
    def domain(self) -> str | None: ...
    @property
    def channels(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...


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


def read(row: Cells, cause: Cause) -> Listed | Reject:
    """What a row states, for the reason that it has or that of the list."""
    email, domain = _text(row.email), _text(row.domain)
    own = replace(cause, reason=(_text(row.reason) or cause.reason)[:LONGEST_REASON])
    try:
        channels = _channels(_text(row.channels))
        if bool(email) == bool(domain):
            raise NoTarget("has both an email and a domain" if email else "has neither an email nor a domain")
        if email and set(channels) - {"email"}:
            raise NoTarget("an address is suppressed for e-mail; leave its channels empty")
        return Listed(row.line, of_address(email, own) if email else of_domain(domain, channels, own))
    except NoTarget as error:
        return Reject(row.line, str(error))


def _channels(cell: str) -> list[str]:
    words = [word.strip().lower() for word in re.split(r"[;,|/]", cell) if word.strip()]
    if unknown := [word for word in words if word not in (ALL, *CHANNELS)]:
        raise NoTarget(f"channels: {unknown[0]!r} is none of {', '.join(CHANNELS)} and {ALL}")
    return words


def _text(cell: str | None) -> str:
    """The text of a cell, without the apostrophe that keeps a spreadsheet from treating it as a formula."""
    return re.sub(r"^'(?=[=+\-@])", "", (cell or "").strip())
