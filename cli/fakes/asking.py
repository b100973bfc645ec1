"""What does a fake know of a request?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cli.fakes.world import Posting, Vintage, World

TOKEN = "of-the-fakes"  # noqa: S105  the one secret that the fakes know, and not a secret
"""What a request must state as its key or token, where a system asks for one."""


@dataclass(slots=True)
class Asked:
    """A request to one of the systems."""

    world: World
    method: str
    base: str
    """Where the system begins: `http://127.0.0.1:4000/api.lever.co`, or `http://birch.example:4000`."""
    host: str
    path: str
    """Below that, not decoded."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes = b""
    faults: frozenset[str] = field(default=frozenset())
    """Faults that a system has to show by itself: `empty` and `endless`."""

    @property
    def today(self) -> date:
        return self.world.today

    @property
    def parts(self) -> list[str]:
        return self.path.strip("/").split("/")

    def listed(self, place: str) -> Sequence[Posting]:
        """The postings that are listed at a place today."""
        return () if "empty" in self.faults else self.world.listed(place)

    def knows(self, place: str) -> bool:
        return place in self.world.places

    def posting(self, place: str, name: str) -> Posting | None:
        """A posting that is listed at a place today, by its id."""
        found = self.world.named(place, name)
        return found if found and found.is_listed(self.today) else None

    def page(self, postings: Sequence[Posting], offset: int, size: int) -> tuple[Sequence[Posting], int]:
        """A page of a list, and how many postings the list has. An endless list begins anew where it ends."""
        if "endless" in self.faults and postings:
            return [postings[(offset + each) % len(postings)] for each in range(size)], 1_000_000
        return postings[offset : offset + size], len(postings)

    def number(self, name: str, default: int, most: int) -> int:
        """A number of the query, which is 0 or more."""
        stated = self.query.get(name, "")
        return min(int(stated), most) if stated.isascii() and stated.isdigit() else default

    def json(self) -> dict[str, Any]:
        """The body; empty if it is no object."""
        try:
            stated = json.loads(self.body)
        except ValueError:
            return {}
        return stated if isinstance(stated, dict) else {}

    def vintage(self, name: str) -> Vintage | None:
        """What a dataset offers today."""
        return self.world.vintage(name)
