"""What follows from it that a source does not list a posting any more?

A source may be down, may answer only half of a list, or an empty one. So only a complete listing counts, a posting is
closed after two of them that miss it, and an empty list after full ones is not believed at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

MISSES = 2
"""Complete listings in a row that miss a posting until it is closed."""
DISBELIEVED = 3
"""Empty listings in a row, after full ones, that are not believed."""


class Judgment(NamedTuple):
    """Whether a listing shows what is missing."""

    counts: bool
    empty_listings: int
    """Empty listings in a row so far that were not believed."""
    note: str | None = None


def judge(complete: bool, listed: int, known: int, empty_listings: int) -> Judgment:
    """Whether what a listing does not list is missing. `known`: the open postings that the source listed before."""
    if not complete:
        return Judgment(False, empty_listings)
    if listed or not known:
        return Judgment(True, 0)
    if empty_listings < DISBELIEVED:
        note = f"An empty list after {known} postings is not believed, until it is empty {DISBELIEVED + 1} times."
        return Judgment(False, empty_listings + 1, note)
    return Judgment(True, empty_listings)


class Unlisted(NamedTuple):
    """A posting that a listing missed, or whose last day is over."""

    source_posting_id: str
    is_listed: bool
    misses: int
    missed_on: date | None
    """The first day on which it was missed in a row."""
    closes_on: date | None


class Ending(NamedTuple):
    """What becomes of postings at the end of a listing."""

    closed: dict[str, date]
    """The last day of each that is closed, by its id."""
    missed: dict[str, tuple[int, date]]
    """Of each that is missed and stays open: how often in a row, and since when."""


def ending(unlisted: Iterable[Unlisted], counts: bool, today: date) -> Ending:
    """A posting is closed that is missed twice, or whose stated last day is over."""
    closed: dict[str, date] = {}
    missed: dict[str, tuple[int, date]] = {}
    for each in unlisted:
        if each.closes_on and each.closes_on < today:
            closed[each.source_posting_id] = each.closes_on
        elif counts and not each.is_listed:
            since = each.missed_on or today
            if each.misses + 1 >= MISSES:
                closed[each.source_posting_id] = since
            else:
                missed[each.source_posting_id] = (each.misses + 1, since)
    return Ending(closed, missed)
