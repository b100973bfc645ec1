"""Which postings are listed where on which day, and which vintage of a dataset is offered?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

STYLES: Final = ("json_ld", "graph", "several", "microdata", "broken")
"""How a page of a career site states its posting."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An invented posting, and the days on which a system lists it."""

    at: str
    """System and board: `greenhouse/maple`, `career_site/birch.example`."""
    source_posting_id: str
    title: str
    employer_name: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    address: str = ""
    url: str = ""
    description: str = ""
    posted_on: date | None = None
    closes_on: date | None = None
    listed_from: date = date.min
    listed_until: date = date.max
    style: str = ""
    """One of `STYLES`; by default the site decides."""
    lastmod: bool = True
    """Whether a sitemap states when the page was changed."""

    @property
    def place(self) -> str:
        return f"{self.city}, {self.state}".strip(", ")

    @property
    def posted(self) -> date:
        return self.posted_on or (self.listed_from if self.listed_from > date.min else date(2026, 1, 1))

    def is_listed(self, day: date) -> bool:
        return self.listed_from <= day <= self.listed_until


@dataclass(frozen=True, slots=True)
class Vintage:
    """A version of a dataset."""

    id: str
    title: str
    file: Path
    offered_from: date
    """The day from which the catalogue offers it, which is the day on which it was changed."""


_NAMES: Final = frozenset(field.name for field in fields(Posting))
_DAYS: Final = ("posted_on", "closes_on", "listed_from", "listed_until")


def posting_of(row: Mapping[str, Any]) -> Posting:
    """The posting of a line; fields that it need not have may be missing or null, and others are ignored."""
    stated = {name: value for name, value in row.items() if name in _NAMES and value is not None}
    stated |= {name: date.fromisoformat(stated[name]) for name in _DAYS if name in stated}
    return Posting(**stated)


def vintage_of(row: Mapping[str, Any], beside: Path) -> Vintage:
    """The vintage of a line; the file's path is relative to the folder of the list."""
    return Vintage(row["id"], row["title"], beside / row["file"], date.fromisoformat(row["offered_from"]))


def lines_of(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


class World:
    """What all systems together list, on a day that is set from outside."""

    def __init__(self, postings: Iterable[Posting], vintages: Iterable[Vintage] = (), today: date | None = None):
        self.today = today or date(2026, 7, 1)
        self.places: dict[str, dict[str, Posting]] = {}
        for posting in postings:
            self.places.setdefault(posting.at, {})[posting.source_posting_id] = posting
        self.vintages = list(vintages)
        self._listed: dict[str, tuple[date, list[Posting]]] = {}

    def listed(self, place: str) -> Sequence[Posting]:
        known = self._listed.get(place)
        if known is None or known[0] != self.today:
            postings = [each for each in self.places.get(place, {}).values() if each.is_listed(self.today)]
            known = self._listed[place] = (self.today, postings)
        return known[1]

    def named(self, place: str, name: str) -> Posting | None:
        return self.places.get(place, {}).get(name)

    def vintage(self, name: str) -> Vintage | None:
        offered = [each for each in self.vintages if each.id == name and each.offered_from <= self.today]
        return max(offered, key=lambda each: each.offered_from, default=None)

    def datasets(self) -> list[Vintage]:
        """The vintage that each dataset offers today."""
        return [found for name in dict.fromkeys(each.id for each in self.vintages) if (found := self.vintage(name))]
