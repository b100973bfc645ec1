"""Which weights maximize the likelihood of the labeled answers?

A conditional logit, fitted with L-BFGS and a light ridge. A row whose facility is not among the candidates counts as
"none of these": no weight could have found it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import minimize

from engines.matching.candidates import find_candidates
from engines.matching.directory import Directory
from engines.matching.engine import SHOWN
from engines.matching.features import NAMES, compared, none_signs_of
from engines.matching.fitting.rows import LabeledRow
from engines.matching.model import Model, of_names
from engines.matching.query import Query
from engines.matching.signs import as_numbers
from engines.matching.trade import Trade

RIDGE = 1.0
Numbers: TypeAlias = Any


@dataclass(frozen=True)
class Sample:
    """All options of all rows; "none of these" is the last option of each row."""

    trade: Trade
    options: Numbers
    starts: Numbers
    chosen: Numbers
    folds: Numbers
    answerable: Numbers
    """Whether a row refers to a facility, found or not."""

    @property
    def sizes(self) -> Numbers:
        return np.diff(np.append(self.starts, len(self.options)))


def sample_of(rows: Sequence[LabeledRow], directory: Directory) -> Sample:
    options: list[list[float]] = []
    starts: list[int] = []
    chosen: list[bool] = []
    for row in rows:
        starts.append(len(options))
        found = _options(row, directory)
        is_right = [facility_id == row.facility_id for facility_id, _ in found]
        options += [numbers for _, numbers in found]
        chosen += [*is_right[:-1], not any(is_right[:-1])]
    folds = np.array([row.fold for row in rows])
    answerable = np.array([bool(row.facility_id) for row in rows])
    return Sample(
        directory.trade, np.array(options, dtype=np.float64), np.array(starts), np.array(chosen), folds, answerable
    )


def _options(row: LabeledRow, directory: Directory) -> list[tuple[str, list[float]]]:
    query, lacking = Query(row.employer, directory.trade), [0.0] * len(directory.trade.none_names)
    index = directory.of_state(row.employer.state or "")
    blank = [0.0] * len(NAMES)
    if not query.forms:
        return [("none", blank + lacking)]
    query.read_with(index)
    signs, words = none_signs_of(query, index)
    none = [*as_numbers(signs, directory.trade.none_names[:-1]), words]
    found = [compared(query, entry, forms, index) for entry, forms in find_candidates(index, query, SHOWN)]
    options = [(each.entry.facility.facility_id, each.row + lacking) for each in found]
    return [*options, ("none", blank + none)]


def fit(sample: Sample, leave_out: int | None = None, without: Sequence[str] = (), near: Model | None = None) -> Model:
    """Weights from all folds but one; features in `without` have the weight zero. A similar model, `near`, shortens the
    search considerably."""
    taken = sample.folds != (-1 if leave_out is None else leave_out)
    ends = np.append(sample.starts[1:], len(sample.options))
    within = np.concatenate([np.arange(a, b) for a, b in zip(sample.starts[taken], ends[taken], strict=True)])
    sizes = sample.sizes[taken]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    names = (*NAMES, *sample.trade.none_names)
    used = np.array([name not in without for name in names])
    options, chosen = sample.options[within] * used, sample.chosen[within]
    group = np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = options @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        likely = powers / np.add.reduceat(powers, starts)[group]
        cost = -np.log(np.maximum(likely[chosen], 1e-300)).sum() + RIDGE / 2 * (weights @ weights)
        return float(cost), options.T @ (likely - chosen) + RIDGE * weights

    start = np.array([*near.weights, *near.none_weights]) * used if near else np.zeros(len(names))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100 if near else 500}).x
    weights = {name: round(float(value), 4) for name, value in zip(names, found * used, strict=True)}
    none = {name: weights[name] for name in sample.trade.none_names}
    return of_names({name: weights[name] for name in NAMES}, none, sample.trade)
