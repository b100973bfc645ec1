"""What does each feature contribute? Weights are fitted without it, and evaluated on other rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.matching.features import NAMES
from engines.matching.fitting.logit import Numbers, Sample, fit
from engines.matching.model import Model

WANTED = 0.99


def without_each(sample: Sample, models: Sequence[Model]) -> dict[str, dict[str, float]]:
    """The change of the figures without each feature, largest first; for rows with and without ZIP code and street."""
    known = _figures(sample, models)
    change = {}
    for name in (*NAMES, *sample.trade.none_names):
        lacking = [fit(sample, leave_out=fold, without=[name], near=model) for fold, model in enumerate(models)]
        found = _figures(sample, lacking)
        change[name] = {key: round(found[key] - value, 4) + 0.0 for key, value in known.items()}
    return dict(sorted(change.items(), key=lambda each: -each[1]["log_loss"]))


def _figures(sample: Sample, models: Sequence[Model]) -> dict[str, float]:
    """The figures by probabilities only, before rules apply."""
    likely = _likely(sample, models)
    last = np.append(sample.starts[1:], len(likely)) - 1
    facilities = likely.copy()
    facilities[last] = -1.0
    best = np.maximum.reduceat(facilities, sample.starts)
    right = np.logical_or.reduceat(sample.chosen & (facilities == np.repeat(best, sample.sizes)), sample.starts)
    answerable = sample.answerable.sum()
    counted = np.cumsum(right[np.argsort(-best, kind="stable")])
    precise = counted >= WANTED * np.arange(1, len(counted) + 1)
    return {
        "acc_at_1": float(right.sum() / answerable),
        "recall_at_99": float(counted[precise].max() / answerable),
        "log_loss": float(-np.log(np.maximum(likely[sample.chosen], 1e-300)).mean()),
    }


def _likely(sample: Sample, models: Sequence[Model]) -> Numbers:
    """The probability of each option by the weights that did not see its facility."""
    weights = np.array([[*model.weights, *model.none_weights] for model in models])
    scores = np.einsum("ij,ij->i", sample.options, np.repeat(weights[sample.folds], sample.sizes, axis=0))
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, sample.starts), sample.sizes))
    return powers / np.repeat(np.add.reduceat(powers, sample.starts), sample.sizes)
