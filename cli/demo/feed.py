"""Which postings does a simulation send on which day?

A feed that lasts for days is repeated: each repetition is later by whole weeks, so that weekdays stay, and its postings
have ids of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cli.files.importing import postings_of
from engines.datasets.reading import opened
from shared.clock import instant_of, local_date

Row = tuple[int, dict[str, Any] | str]

DATES = ("seen_at", "posted_on", "closed_on")
"""The columns of a posting that state a day, or an instant."""


@dataclass
class Feed:
    """Postings by the local day on which they were seen; rows without a valid day come first, and are rejected."""

    days: dict[date, list[Row]] = field(default_factory=dict)

    @property
    def first(self) -> date:
        return min(self.days)

    @property
    def last(self) -> date:
        return max(self.days)


def read_feed(path: Path, timezone: str) -> Feed:
    """The postings of a file by day; the default source is the name of the file.

    Raises `ValueError` if no row states when it was seen.
    """
    feed = Feed()
    undated: list[Row] = []
    with opened(path) as file:
        for line, row in postings_of(file):
            if isinstance(row, dict):
                row["source"] = row.get("source") or path.name.split(".")[0][:60]
            seen = _seen_on(row, timezone)
            (feed.days.setdefault(seen, []) if seen else undated).append((line, row))
    if not feed.days:
        raise ValueError(f"{path.name}: no row has a valid seen_at; a simulation needs the days.")
    feed.days[feed.first] = undated + feed.days[feed.first]
    return feed


def repeated(feed: Feed, first: date, last: date, timezone: str) -> Feed:
    """The feed, shifted and repeated so that it begins within a week of `first` and lasts until `last`.

    Rows without a valid day are left out.
    """
    weeks = -((feed.first - first).days // 7)
    length = (feed.last - feed.first).days // 7 + 1
    result = Feed()
    while feed.first + timedelta(weeks=weeks) <= last:
        for line, row in (each for rows in feed.days.values() for each in rows):
            if isinstance(row, dict) and _seen_on(row, timezone):
                later = shifted(row, weeks)
                result.days.setdefault(_seen_on(later, timezone) or first, []).append((line, later))
        weeks += length
    return result


def shifted(row: dict[str, Any], weeks: int) -> dict[str, Any]:
    """The posting so many weeks later, under an id of its own; a day in another notation is left out."""
    if not weeks:
        return row
    moved = {name: _shifted(row[name], weeks) for name in DATES if row.get(name)}
    return {**row, **moved, "source_posting_id": f"{row.get('source_posting_id', '')}{weeks:+}w"}


def _shifted(value: Any, weeks: int) -> str | None:
    """A day or an instant in ISO notation, so many weeks later at the same time of day."""
    for kind in (date, datetime):
        try:
            return (kind.fromisoformat(str(value)) + timedelta(weeks=weeks)).isoformat()
        except (ValueError, OverflowError):
            continue
    return None


def _seen_on(row: dict[str, Any] | str, timezone: str) -> date | None:
    try:
        seen = datetime.fromisoformat(str(row["seen_at"])) if isinstance(row, dict) else None
        return local_date(instant_of(seen, timezone), timezone) if seen else None
    except (KeyError, ValueError, OverflowError):
        return None
