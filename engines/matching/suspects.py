"""Which names of facilities in files belong to another organization: a bank, a staffing platform, an accountant?

Legal and trade names are sometimes those of a firm that bills, pays or lends. Such a name still leads to a
candidate, but not to an automatic match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from engines.matching.facilities import Facility, FacilityForm
from engines.matching.trade import Trade

DOUBTFUL_KINDS: Final = frozenset({"legal", "dba"})
Words = frozenset[str]


class Suspects:
    """The facilities by legal or trade name; the order in which facilities are added does not matter."""

    def __init__(self, trade: Trade, owners: Mapping[Words, frozenset[str]] | None = None) -> None:
        self._trade = trade
        self._owners = dict(owners or {})

    def copied(self) -> Suspects:
        return Suspects(self._trade, self._owners)

    def put(self, facility: Facility, before: Facility | None) -> None:
        now = names_of(facility, self._trade)
        for name in names_of(before, self._trade) - now if before else ():
            self._owners[name] -= {facility.facility_id}
        for name in now:
            self._owners[name] = self._owners.get(name, frozenset()) | {facility.facility_id}

    def is_suspect(self, form: FacilityForm, facilities: Mapping[str, Facility]) -> bool:
        """Whether this name of the facility likely belongs to another organization."""
        name, entry = form.words, form.entry
        if entry.facility.facility_id not in self._owners.get(name, ()):
            return False
        if (name - self._trade.of_trade) & (entry.forms[0].words | entry.city_words):
            return False
        return not name.isdisjoint(self._trade.billers) or self.is_shared(name, facilities)

    def is_shared(self, name: Words, facilities: Mapping[str, Facility]) -> bool:
        """Whether a name without words of the trade is used under several owners in several states."""
        if not name.isdisjoint(self._trade.of_trade):
            return False
        owners = [facilities[facility_id] for facility_id in self._owners.get(name, ()) if facility_id in facilities]
        return len({each.state for each in owners}) > 1 and len({each.chain or each.facility_id for each in owners}) > 1

    def shared(self, names: Iterable[Words], facilities: Mapping[str, Facility]) -> dict[Words, frozenset[str]]:
        """The shared ones of these names, with the keys of all their facilities."""
        return {name: self._owners[name] for name in names if self.is_shared(name, facilities)}


def names_of(facility: Facility, trade: Trade) -> frozenset[Words]:
    """The legal and trade names of a facility, prepared for comparison."""
    names = [frozenset(trade.words_of(other.name)) for other in facility.names if other.kind in DOUBTFUL_KINDS]
    return frozenset(filter(None, names))
