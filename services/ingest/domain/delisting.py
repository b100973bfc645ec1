"""Does a file that was declared complete delist the facilities that it lacks?

A truncated file, a file with rejected rows, and a file that is not what it was declared to be all lack facilities that
still exist. So an unusual delisting needs a person to confirm the number of facilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FEW = 5
"""Facilities of a state. In a small state, fewer than this many may close in a month."""


@dataclass(frozen=True, slots=True)
class Delisting:
    """What a complete file would delist, and the state of the file and the registry."""

    complete: str
    """The state that the file is complete for, or `US`."""
    as_of: date
    stored_as_of: date | None
    listed: int
    """The number of facilities of the place in the file."""
    stored: Mapping[str, int]
    """The number of listed facilities by state, including the missing ones."""
    missing: Mapping[str, int]
    """The number of listed facilities that are missing from the file, by state."""
    rejected: Sequence[int]
    """The lines that were rejected."""
    cut: str | None
    """Why the file may be truncated."""
    confirmed: int | None
    """The number of facilities that a person confirmed."""
    max_share: Decimal


def refusal(wanted: Delisting) -> str | None:
    """Why nothing is delisted, as a sentence; None if the missing facilities may be delisted."""
    if not wanted.listed:
        return "Nothing was delisted: the file lists no facility of the place that it was declared complete for."
    if wanted.stored_as_of and wanted.as_of < wanted.stored_as_of:
        return f"Nothing was delisted: the file is of {wanted.as_of}, and the stored data is of {wanted.stored_as_of}."
    count = sum(wanted.missing.values())
    if wanted.confirmed is not None:
        if wanted.confirmed == count:
            return None
        return f"Nothing was delisted: {wanted.confirmed} were to be delisted, but {count} are missing."
    reasons = list(_reasons(wanted, count))
    return f"Nothing was delisted: {'; '.join(reasons)}." if reasons else None


def _reasons(wanted: Delisting, count: int) -> Iterator[str]:
    if wanted.rejected:
        more = f" and {len(wanted.rejected) - 5} more" if len(wanted.rejected) > 5 else ""
        several = "s" * (len(wanted.rejected) > 1)
        lines = f"line{several} " + ", ".join(map(str, wanted.rejected[:5])) + more
        rows = f"{len(wanted.rejected)} row{'s were' if len(wanted.rejected) > 1 else ' was'}"
        yield f"{rows} rejected ({lines}), and may list more facilities"
    if wanted.cut:
        yield f"the file may be truncated ({wanted.cut})"
    stored = sum(wanted.stored.values())
    if count > wanted.max_share * stored:
        share = f"{count / stored:.0%}, and more than {wanted.max_share:.0%} need a confirmation"
        yield f"{count} of {stored} listed facilities are missing, {share}"
    elif wanted.complete == "US":
        yield from _reasons_by_state(wanted)


def _reasons_by_state(wanted: Delisting) -> Iterator[str]:
    """A state that is completely or largely missing is only a small share of the country."""
    emptied = sorted(state for state, count in wanted.missing.items() if count == wanted.stored.get(state))
    if emptied:
        yield f"the file has no facility of {', '.join(emptied)} any more"
    for state, count in sorted(wanted.missing.items()):
        stored = wanted.stored.get(state, 0)
        if state not in emptied and count >= FEW and count > wanted.max_share * stored:
            share = f"more than {wanted.max_share:.0%} need a confirmation"
            yield f"{count} of {stored} facilities of {state} are missing, and {share}"
