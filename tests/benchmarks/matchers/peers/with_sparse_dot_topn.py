"""sparse_dot_topn: TF-IDF of three letters within the state, the best few then preferred by city.

Three letters within words, and 0.15 for the city, were the best of six settings tried on the labeled rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from engines.matching.facilities import Facility
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import NO_MATCH, Found
from tests.benchmarks.matchers.rows import Query
from tests.benchmarks.matchers.spelling import normalized

BATCH = True
BEST = 10
SAME_CITY = 0.15


def build(facilities: Iterable[Facility], trade: Trade) -> Callable[[Sequence[Query]], Callable[[], list[Found]]]:
    forms = list(normalized(facilities, trade))
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    weights = letters.fit_transform([name for _, name, _, _ in forms])
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row, (_, _, _, state) in enumerate(forms):
        rows_of[state].append(row)
    by_state = {state: weights[rows].T.tocsr() for state, rows in rows_of.items()}

    def of_state(state: str, queries: Sequence[Query]) -> list[Found]:
        asked = letters.transform([trade.normalize(query.employer.name) for query in queries])
        best = sp_matmul_topn(asked, by_state[state], top_n=BEST, n_threads=1).tolil()
        return [
            _likeliest(trade.place_of(query.employer.city), [forms[rows_of[state][c]] for c in columns], scores)
            for query, columns, scores in zip(queries, best.rows, best.data, strict=True)
        ]

    def answer(queries: Sequence[Query]) -> list[Found]:
        found = [NO_MATCH] * len(queries)
        asked: defaultdict[str, list[int]] = defaultdict(list)
        for at, query in enumerate(queries):
            asked[query.employer.state or ""].append(at)
        for state, places in asked.items():
            if state in by_state:
                for at, one in zip(places, of_state(state, [queries[at] for at in places]), strict=True):
                    found[at] = one
        return found

    return lambda queries: lambda: answer(queries)


def _likeliest(city: str, forms: list[tuple[str, str, str, str]], scores: list[float]) -> Found:
    near = [(score + SAME_CITY * (form[2] == city), form[0]) for form, score in zip(forms, scores, strict=True)]
    score, facility_id = max(near, default=(0.0, ""))
    return facility_id, float(score), False
