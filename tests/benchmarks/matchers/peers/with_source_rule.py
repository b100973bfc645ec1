"""The source's rule (R14) as written: token set and trigrams, 0.08 more in the same city, accepted at 0.90."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from engines.matching.facilities import Facility
from engines.matching.source_rule import ACCEPT_AT, SourceRule
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import NO_MATCH, Found
from tests.benchmarks.matchers.rows import Query

BATCH = False


def build(facilities: Iterable[Facility], trade: Trade) -> Callable[[Query], Found]:
    by_state: defaultdict[str, list[Facility]] = defaultdict(list)
    for facility in facilities:
        by_state[facility.state].append(facility)
    states = {state: SourceRule(those, trade) for state, those in by_state.items()}

    def answer(query: Query) -> Found:
        rule = states.get(query.employer.state or "")
        ranked = rule.ranked(query.without_place) if rule else []
        return (ranked[0].facility.facility_id, ranked[0].score, ranked[0].score >= ACCEPT_AT) if ranked else NO_MATCH

    return answer
