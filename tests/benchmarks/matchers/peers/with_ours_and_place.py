"""Our engine on name, city and state, and on zip and street if a row has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import Found
from tests.benchmarks.matchers.peers.with_ours import answerer
from tests.benchmarks.matchers.rows import Query

BATCH = False


def build(facilities: Iterable[Facility], trade: Trade, settings: Path) -> Callable[[Query], Found]:
    return answerer(facilities, trade, settings, lambda query: query.employer)
