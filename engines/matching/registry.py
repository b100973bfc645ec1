"""Which facilities, under which names, does a registry file list?

Headings are compared without case, blanks and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engines.datasets.facts import Headings
from engines.datasets.headings import letters
from engines.datasets.key_columns import key_columns
from engines.datasets.states import state_of
from engines.matching.facilities import Facility, OtherName
from engines.matching.trade import Trade

FIELDS = ("facility_id", "name", "city", "state", "address", "zip", "phone", "chain")
NAMED = ("legal", "dba", "former")
"""The kinds of further names in the pack's headings."""
NO_NAME = frozenset({"", "na", "none", "null", "notapplicable", "notavailable", "unknown"})
SHARED_BY = 10
"""A legal or trade name of this many facilities of different chains belongs to a bank, a platform or an accountant."""


class UnknownRegistry(ValueError):
    """A file lacks required columns."""


class Layout:
    """The columns of a registry, by the pack's headings; raises `UnknownRegistry` with the missing columns."""

    def __init__(self, headings: Headings, header: Sequence[str]) -> None:
        at = {letters(title): place for place, title in reversed(list(enumerate(header)))}
        places = {
            field: [at[letters(title)] for title in titles if letters(title) in at]
            for field, titles in headings.identity.items()
        }
        keys = key_columns(headings, header)
        self.key = headings.key
        self.single = {field: next(iter(places.get(field, ())), None) for field in FIELDS}
        self.names = [(kind, place) for kind in NAMED for place in places.get(kind, ())]
        needed = ("name", "city", "state") if keys else ("facility_id", "name", "city", "state")
        missing = [field for field in needed if self.single[field] is None]
        if missing or keys is None:
            lacking = ", ".join(self.key.column if field == "facility_id" else field for field in missing)
            raise UnknownRegistry(f"This is not a registry: it has no column for {lacking}.")
        self.keys = keys

    def facility(self, cells: Sequence[str]) -> Facility | str:
        """Read a row as a facility; returns the problem as text if that is not possible."""

        def cell(place: int | None) -> str:
            return " ".join(cells[place].split()) if place is not None and place < len(cells) else ""

        found = {field: cell(place) for field, place in self.single.items()}
        state = state_of(found["state"])
        try:
            facility_id = self.keys.of(cells)
        except ValueError as error:
            return str(error)
        if not found["name"] or not state:
            return f"name or state missing for {self.key.name} {facility_id}"
        named = [OtherName(cell(place), kind) for kind, place in self.names]
        return Facility(
            facility_id=facility_id,
            name=found["name"],
            city=found["city"],
            state=state,
            chain=found["chain"] or None,
            names=tuple(name for name in named if letters(name.name) not in NO_NAME),
            address=found["address"] or None,
            zip=zip_of(found["zip"]),
            phone=found["phone"] or None,
        )


def zip_of(text: str) -> str | None:
    """Five digits; a leading zero that a spreadsheet dropped is restored."""
    digits = re.sub(r"\D", "", text)
    return digits[:5].zfill(5) if len(digits) in (3, 4, 5) else digits[:5] or None


def with_aliases(
    facilities: Iterable[Facility], more: Mapping[str, Sequence[OtherName]], trade: Trade
) -> list[Facility]:
    """The facilities with their further names, without names that do not identify a facility."""
    known = [replace(each, names=(*each.names, *more.get(each.facility_id, ()))) for each in facilities]
    chains: dict[str, set[str]] = {}
    for facility in known:
        for text in {trade.normalize(other.name) for other in facility.names if other.kind in ("legal", "dba")}:
            chains.setdefault(text, set()).add(facility.chain or facility.facility_id)
    poisoned = {text for text, owners in chains.items() if len(owners) >= SHARED_BY}
    return [replace(each, names=_cleaned(each, poisoned, trade)) for each in known]


def _cleaned(facility: Facility, poisoned: set[str], trade: Trade) -> tuple[OtherName, ...]:
    own = trade.normalize(facility.name)
    return tuple(
        other
        for other in facility.names
        if (text := trade.normalize(other.name))
        and text != own
        and letters(other.name) not in NO_NAME
        and not (other.kind in ("legal", "dba") and text in poisoned)
    )
