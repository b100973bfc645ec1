"""rapidfuzz: the most similar of a state's names by `ratio`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rapidfuzz import fuzz, process

from matching.facilities import Facility
from matching.names import normalise
from tests.benchmarks.matchers.answering import NOBODY, Found
from tests.benchmarks.matchers.rows import Query
from tests.benchmarks.matchers.spelling import spelt

BATCH = False


def build(facilities: Iterable[Facility]) -> Callable[[Query], Found]:
    return most_similar_by(fuzz.ratio, facilities)


def most_similar_by(scorer: Any, facilities: Iterable[Facility]) -> Callable[[Query], Found]:
    states: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for ccn, name, _, state in spelt(facilities):
        states[state][0].append(name)
        states[state][1].append(ccn)

    def answer(query: Query) -> Found:
        names, ccns = states.get(query.employer.state or "", ((), ()))
        found = process.extractOne(normalise(query.employer.name), names, scorer=scorer)
        return (ccns[found[2]], found[1], False) if found else NOBODY

    return answer
