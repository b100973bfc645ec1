"""Which of the names that files give facilities are those of somebody else: a bank, a staffing platform, an accountant?

Legal and trading names are filled in by whoever bills, pays or lends. Such a name is still shown as the way to a
candidate, but nothing is accepted on it unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from engines.matching.facilities import Facility, FacilityForm
from engines.matching.trade import Trade

DOUBTFUL_KINDS: Final = frozenset({"legal", "dba"})
Words = frozenset[str]


class Suspects:
    """Who bears which legal or trading name; a function of the facilities put in, in whichever order."""

    def __init__(self, trade: Trade, bearers: Mapping[Words, frozenset[str]] | None = None) -> None:
        self._trade = trade
        self._bearers = dict(bearers or {})

    def copied(self) -> Suspects:
        return Suspects(self._trade, self._bearers)

    def put(self, facility: Facility, before: Facility | None) -> None:
        now = names_of(facility, self._trade)
        for name in names_of(before, self._trade) - now if before else ():
            self._bearers[name] -= {facility.facility_id}
        for name in now:
            self._bearers[name] = self._bearers.get(name, frozenset()) | {facility.facility_id}

    def is_suspect(self, form: FacilityForm, facilities: Mapping[str, Facility]) -> bool:
        """Whether this is a name that the facility was given and that is likely somebody else's."""
        name, entry = form.words, form.entry
        if entry.facility.facility_id not in self._bearers.get(name, ()):
            return False
        if (name - self._trade.of_trade) & (entry.forms[0].words | entry.city_words):
            return False
        return not name.isdisjoint(self._trade.billers) or self.is_shared(name, facilities)

    def is_shared(self, name: Words, facilities: Mapping[str, Facility]) -> bool:
        """A name that says nothing of the trade, borne under several owners in several states."""
        if not name.isdisjoint(self._trade.of_trade):
            return False
        bearers = [facilities[facility_id] for facility_id in self._bearers.get(name, ()) if facility_id in facilities]
        return (
            len({each.state for each in bearers}) > 1 and len({each.chain or each.facility_id for each in bearers}) > 1
        )

    def shared(self, names: Iterable[Words], facilities: Mapping[str, Facility]) -> dict[Words, frozenset[str]]:
        """Of these names the shared ones, with the keys of all who bear them."""
        return {name: self._bearers[name] for name in names if self.is_shared(name, facilities)}


def names_of(facility: Facility, trade: Trade) -> frozenset[Words]:
    """The legal and trading names of a facility, in the shape in which they are compared."""
    names = [frozenset(trade.words_of(other.name)) for other in facility.names if other.kind in DOUBTFUL_KINDS]
    return frozenset(filter(None, names))
