"""rapidfuzz: the most similar of a state's names by `ratio`, with a bonus for the same city.

The city cannot be given to `extractOne`; without it in the confidence, rows of 100 would be as sure as a namesake's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rapidfuzz import fuzz, process

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import NO_MATCH, Found
from tests.benchmarks.matchers.rows import Query
from tests.benchmarks.matchers.spelling import normalized

BATCH = False
SAME_CITY = 10


def build(facilities: Iterable[Facility], trade: Trade) -> Callable[[Query], Found]:
    return most_similar_by(fuzz.ratio, facilities, trade)


def most_similar_by(scorer: Any, facilities: Iterable[Facility], trade: Trade) -> Callable[[Query], Found]:
    states: defaultdict[str, tuple[list[str], list[tuple[str, str]]]] = defaultdict(lambda: ([], []))
    for facility_id, name, city, state in normalized(facilities, trade):
        states[state][0].append(name)
        states[state][1].append((facility_id, city))

    def answer(query: Query) -> Found:
        names, bearers = states.get(query.employer.state or "", ((), ()))
        found = process.extractOne(trade.normalize(query.employer.name), names, scorer=scorer)
        if not found:
            return NO_MATCH
        facility_id, city = bearers[found[2]]
        return facility_id, found[1] + SAME_CITY * (city == trade.place_of(query.employer.city) != ""), False

    return answer
