"""Which part of a list of accounts does an address ask for, in which order?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import quote

from services.console.domain.addresses import address_of, page_in, whole_number

FACETS = ("tier", "stage", "owner", "chain", "posting")
NONE = "none"
"""The value of a facet of accounts that have none: no lead, no owner, no chain, no open posting."""
SORTS = ("name", "score", "urgency", "stage", "owner", "last", "next", "sla")
FALLING = frozenset({"score", "urgency", "last"})
"""Sorted from the highest value first, unless asked otherwise."""
PAGE = 50
NUMBER = re.compile(r"[\d\s().+/-]+")
LEAST_DIGITS = 7
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Filter:
    """The rows of a list, as its address names them."""

    query: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    """Facets and their values."""
    sort: str = "score"
    falling: bool = True
    page: int = 1
    base: str = "/facilities"

    @classmethod
    def of(cls, query: Mapping[str, str], base: str = "/facilities") -> Self:
        """Raises `ValueError` for an address that no page links to."""
        sort = query.get("sort") or "-score"
        name = sort.removeprefix("-")
        if name not in SORTS:
            raise ValueError(f"nothing is sorted by {name}")
        chosen = tuple((facet, query[facet]) for facet in FACETS if query.get(facet))
        whole_number(query.get("tier") or "0")
        return cls(query.get("q", "").strip(), chosen, name, sort.startswith("-"), page_in(query), base)

    def value(self, facet: str) -> str:
        return dict(self.chosen).get(facet, "")

    def patterns(self) -> list[str]:
        """What the searched text must contain: each word, or the digits of a telephone number however it is spelled."""
        digits = "".join(filter(str.isdigit, self.query))
        if NUMBER.fullmatch(self.query) and len(digits) >= LEAST_DIGITS:
            return [_containing(digits[-10:])]
        return [_containing(word) for word in self.query.lower().split()[:MOST_WORDS]]

    def href(self, path: str = "") -> str:
        return address_of(path or self.base, self.as_query())

    def opening(self, facility_id: str) -> str:
        """The page of an account, which knows the list that it was opened from."""
        return f"/facilities/{facility_id}?from={quote(self.on_page(1).href(), safe='')}"

    def as_query(self) -> dict[str, str]:
        sort = ("-" if self.falling else "") + self.sort
        page = str(self.page) if self.page > 1 else ""
        values = {"q": self.query, **dict(self.chosen), "sort": "" if sort == "-score" else sort, "page": page}
        return {name: value for name, value in values.items() if value}

    def with_facet(self, facet: str, value: str) -> Self:
        """Chosen, or no longer chosen if it was."""
        chosen = {**dict(self.chosen), facet: "" if self.value(facet) == value else value}
        return replace(self, chosen=tuple((name, chosen[name]) for name in FACETS if chosen.get(name)), page=1)

    def sorted_by(self, name: str) -> Self:
        """By a column; by the same one again the other way round."""
        falling = not self.falling if name == self.sort else name in FALLING
        return replace(self, sort=name, falling=falling, page=1)

    def on_page(self, page: int) -> Self:
        return replace(self, page=page)

    def params(self) -> dict[str, Any]:
        """The parameters of queries."""
        values = {facet: self.value(facet) or None for facet in FACETS}
        tier = values.pop("tier")
        return {**values, "tier": int(tier) if tier else None}


def _containing(text: str) -> str:
    """A pattern of LIKE for a text that is not one."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
