"""Splink: probabilistic linkage of employers to name forms, by city, or by the first distinctive word in the state.

Trained as documented, before the clock starts: u from random pairs, m by expectation maximization, no labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import NO_MATCH, Found
from tests.benchmarks.matchers.rows import Query
from tests.benchmarks.matchers.spelling import normalized

BATCH = True
SETTINGS = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.86, 0.78]),
        cl.ArrayIntersectAtSizes("words", [2, 1]),
        cl.JaroWinklerAtThresholds("core", [0.97, 0.88]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("city", [0.9]).configure(term_frequency_adjustments=True),
    ],
    blocking_rules_to_generate_predictions=[block_on("state", "city"), block_on("state", "start")],
)
BEST = """
SELECT unique_id_r, arg_max(unique_id_l, match_weight), max(match_weight) FROM {pairs} GROUP BY unique_id_r
"""


def build(facilities: Iterable[Facility], trade: Trade) -> Callable[[Sequence[Query]], Callable[[], list[Found]]]:
    forms = [
        (f"{facility_id} {number}", name, city, state)
        for number, (facility_id, name, city, state) in enumerate(normalized(facilities, trade))
    ]
    known = _table(forms, trade)

    def prepare(queries: Sequence[Query]) -> Callable[[], list[Found]]:
        model = _trained(known, _asked(queries, trade))

        def answer() -> list[Found]:
            database = duckdb.connect(config={"threads": 1})
            pairs = _linker(database, known, _asked(queries, trade), model).inference.predict().physical_name
            best = {row[0]: row[1:] for row in database.execute(BEST.format(pairs=pairs)).fetchall()}
            return [_found(best.get(f"{number:07}")) for number in range(len(queries))]

        return answer

    return prepare


def _trained(known: Any, asked: Any) -> Any:
    linker = _linker(duckdb.connect(config={"threads": 1}), known, asked, SETTINGS)
    linker.training.estimate_probability_two_random_records_match([block_on("state", "city", "name")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximization(block_on("state", "start"))
    linker.training.estimate_parameters_using_expectation_maximization(block_on("state", "city"))
    return linker.misc.save_model_to_json()


def _linker(database: Any, known: Any, asked: Any, settings: Any) -> Linker:
    """The left table is the one whose name comes first."""
    api = DuckDBAPI(database)
    tables = [api.register(table, dataset_display_name=name) for name, table in (("a", known), ("b", asked))]
    return Linker(tables, settings, log_level=None)


def _asked(queries: Sequence[Query], trade: Trade) -> Any:
    employers = [query.employer for query in queries]
    return _table(
        [
            (f"{number:07}", trade.normalize(employer.name), trade.place_of(employer.city), employer.state)
            for number, employer in enumerate(employers)
        ],
        trade,
    )


def _found(best: tuple[str, float] | None) -> Found:
    return (best[0].split()[0], best[1], False) if best else NO_MATCH


def _table(rows: Sequence[tuple[str, str, str, str | None]], trade: Trade) -> Any:
    return pa.table(
        {
            "unique_id": [row[0] for row in rows],
            "name": [" ".join(sorted(set(row[1].split()))) for row in rows],
            "core": [" ".join(w for w in row[1].split() if w not in trade.generic) or None for row in rows],
            "words": [sorted(set(row[1].split()) - trade.generic) for row in rows],
            "start": [next((w for w in row[1].split() if w not in trade.generic), None) for row in rows],
            "city": [row[2] or None for row in rows],
            "state": [row[3] for row in rows],
        }
    )
