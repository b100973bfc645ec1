"""How does the source's rule match (R14)? It is a separate method, and the baseline for measurements.

An exact key; otherwise half token-set and half trigram similarity of the normalized names, plus 0.08 in the same
city, at most 1. The best facility of the state is accepted at 0.90 or more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from rapidfuzz import fuzz, process

from engines.matching.facilities import Employer, Facility
from engines.matching.names import trigrams
from engines.matching.trade import Trade

TOKEN_SET = 0.5
TRIGRAM = 0.5
SAME_CITY = 0.08
ACCEPT_AT = 0.90
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likely:
    facility: Facility
    score: float
    token_set: float
    trigram: float
    same_city: float


class SourceRule:
    """The names of the facilities of one state."""

    def __init__(self, facilities: Iterable[Facility], trade: Trade) -> None:
        self._trade = trade
        self._named = [
            (facility, text)
            for facility in sorted(facilities, key=lambda each: each.facility_id)
            for text in dict.fromkeys(map(trade.normalize, (facility.name, *(other.name for other in facility.names))))
            if text
        ]
        self._texts = [text for _, text in self._named]
        self._cities = [trade.place_of(facility.city) for facility, _ in self._named]
        grams = [trigrams(text) for text in self._texts]
        self._sizes = [len(each) for each in grams]
        self._by_trigram: defaultdict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(grams):
            for gram in each:
                self._by_trigram[gram].append(number)

    def ranked(self, employer: Employer, most: int = SHOWN) -> list[Likely]:
        """The best facilities, each by its best name; equal scores in the order of keys."""
        text, city = self._trade.normalize(employer.name), self._trade.place_of(employer.city)
        if not text:
            return []
        token_set = self._token_set(text)
        trigram = self._trigrams(text)
        best: dict[str, tuple[float, int]] = {}
        for number, (facility, _) in enumerate(self._named):
            near = SAME_CITY if city and self._cities[number] == city else 0.0
            score = min(1.0, TOKEN_SET * token_set[number] + TRIGRAM * trigram.get(number, 0.0) + near)
            known = best.get(facility.facility_id)
            if known is None or score > known[0]:
                best[facility.facility_id] = (score, number)
        top = nsmallest(most, best.items(), key=lambda each: (-each[1][0], each[0]))
        return [
            Likely(
                self._named[number][0],
                score,
                token_set[number],
                trigram.get(number, 0.0),
                SAME_CITY if city and self._cities[number] == city else 0.0,
            )
            for _, (score, number) in top
        ]

    def _token_set(self, text: str) -> list[float]:
        found = process.extract(text, self._texts, scorer=fuzz.token_set_ratio, limit=None)
        ordered = [0.0] * len(self._texts)
        for _, similarity, number in found:
            ordered[number] = similarity / 100
        return ordered

    def _trigrams(self, text: str) -> dict[int, float]:
        """The share of common trigrams in all trigrams of both, as pg_trgm computes it."""
        grams = trigrams(text)
        shared: Counter[int] = Counter()
        for gram in grams:
            shared.update(self._by_trigram.get(gram, ()))
        return {number: count / (len(grams) + self._sizes[number] - count) for number, count in shared.items()}
