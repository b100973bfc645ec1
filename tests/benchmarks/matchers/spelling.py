"""How are names normalized for peers that do not do so themselves? As for us, which improves every one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.rows import names_of


def normalized(facilities: Iterable[Facility], trade: Trade) -> Iterator[tuple[str, str, str, str]]:
    """CCN, name, city and state of every name form that is still different after normalization."""
    for facility in facilities:
        for name in dict.fromkeys(map(trade.normalize, names_of(facility))):
            if name:
                yield facility.facility_id, name, trade.place_of(facility.city), facility.state
