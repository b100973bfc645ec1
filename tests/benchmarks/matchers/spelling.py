"""How are names spelt for peers that do not read them themselves? As for us: it makes every one of them better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.rows import names_of


def spelt(facilities: Iterable[Facility], trade: Trade) -> Iterator[tuple[str, str, str, str]]:
    """CCN, name, city and state of every name form that is still different once it is spelt alike."""
    for facility in facilities:
        for name in dict.fromkeys(map(trade.normalize, names_of(facility))):
            if name:
                yield facility.facility_id, name, trade.place_of(facility.city), facility.state
