"""What would a registry of many more facilities look like?

Invented facilities are added to the given ones, in their states, cities and zips, so that they compete. Their names are
combined from the given ones: the distinctive words of one, or one of its words and one of another's, or the city,
before the trade's words of a third. No two facilities in a city have the same distinctive words, since a person could
not distinguish them either. Seeded: the smaller registry is the beginning of the larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from engines.matching.facilities import Facility, OtherName
from engines.matching.trade import Trade
from tests.benchmarks.matchers.rows import forms_in, names_of

HAS_LEGAL, HAS_FORMER = 0.8, 0.45
TRIES = 100
"""After this many names that exist already, a number makes the next one unique."""
FIRMS = ("LLC", "OPERATING LLC", "OPCO LLC", "INC", "SNF LLC", "HEALTHCARE LLC", "ASSOCIATES LP", "OPERATIONS LLC")


def inflated(facilities: Sequence[Facility], forms: int, trade: Trade) -> list[Facility]:
    """The given facilities, and invented ones up to this number of name forms."""
    facilities_so_far = list(facilities)
    have, invent = forms_in(facilities), Inventor(facilities, trade)
    while have < forms:
        facilities_so_far.append(invent.facility())
        have += len(names_of(facilities_so_far[-1]))
    return facilities_so_far


class Inventor:
    """Recombines the names of the given facilities."""

    def __init__(self, facilities: Sequence[Facility], trade: Trade) -> None:
        self._trade = trade
        self._rng = Random("inflate")
        self._given = facilities
        parts = [_parted(facility.name, trade) for facility in facilities]
        self._heads = [head for head, _ in parts if head]
        self._tails = [tail for _, tail in parts if tail] or [["NURSING", "HOME"]]
        self._taken = {_telling(facility, name, trade) for facility in facilities for name in names_of(facility)}
        self._number = 0

    def facility(self) -> Facility:
        rng, place = self._rng, self._rng.choice(self._given)
        head = self._free_head(place)
        name = self._named(head)
        names = []
        if rng.random() < HAS_LEGAL:
            names.append(OtherName(" ".join([*head, rng.choice(FIRMS)]), "legal"))
        if rng.random() < HAS_FORMER:
            names.append(OtherName(self._named(head if rng.random() < 0.5 else self._free_head(place)), "former"))
        self._number += 1
        return Facility(
            facility_id=f"Z{self._number:06}",
            name=name,
            city=place.city,
            state=place.state,
            chain=place.chain,
            names=tuple(names),
            address=f"{rng.randrange(1, 9999)} {rng.choice(self._heads)[0]} ROAD",
            zip=place.zip,
        )

    def _named(self, head: list[str]) -> str:
        return " ".join([*head, *self._rng.choice(self._tails)])[:50]

    def _free_head(self, place: Facility) -> list[str]:
        head = self._head(place)
        for _ in range(TRIES):
            if _telling(place, " ".join(head), self._trade) not in self._taken:
                break
            head = self._head(place)
        else:
            head = [*head, str(self._number)]
        self._taken.add(_telling(place, " ".join(head), self._trade))
        return head

    def _head(self, place: Facility) -> list[str]:
        rng, one = self._rng, self._rng.choice(self._heads)
        kind = rng.random()
        if kind < 0.35:
            return one
        if kind < 0.8:
            return list(dict.fromkeys([one[0], rng.choice(self._heads)[-1]]))
        return [*place.city.upper().split(), one[-1]]


def _parted(name: str, trade: Trade) -> tuple[list[str], list[str]]:
    """The distinctive words, and the words of the trade that follow them."""
    words = name.upper().split()
    at = next((number for number, word in enumerate(words) if _is_of_trade(word, trade)), len(words))
    return words[:at], words[at:]


def _is_of_trade(word: str, trade: Trade) -> bool:
    words = set(trade.words_of(word))
    return bool(words) and words <= trade.generic


def _telling(place: Facility, name: str, trade: Trade) -> tuple[str, str, frozenset[str]]:
    return place.state, trade.place_of(place.city), trade.core_of(trade.normalize(name))
