"""rapidfuzz: the most similar of a state's names by `token_sort_ratio`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rapidfuzz import fuzz

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import Found
from tests.benchmarks.matchers.peers.with_rapidfuzz_ratio import most_similar_by
from tests.benchmarks.matchers.rows import Query

BATCH = False


def build(facilities: Iterable[Facility], trade: Trade) -> Callable[[Query], Found]:
    return most_similar_by(fuzz.token_sort_ratio, facilities, trade)
