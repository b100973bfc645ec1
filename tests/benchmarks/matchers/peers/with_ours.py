"""Our engine without its memory of answers, on name, city and state.

Given cross-validated weights, each row is answered with those that never saw its facility; else with those committed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from engines.matching.directory import Directory, resolved
from engines.matching.facilities import Employer, Facility
from engines.matching.fitting.rows import FOLDS
from engines.matching.model import Model, of_names
from engines.matching.pack import fitted
from engines.matching.trade import Trade
from tests.benchmarks.matchers.answering import NO_MATCH, Found
from tests.benchmarks.matchers.rows import Query

BATCH = False


def build(facilities: Iterable[Facility], trade: Trade, settings: Path) -> Callable[[Query], Found]:
    return answerer(facilities, trade, settings, lambda query: query.without_place)


def answerer(
    facilities: Iterable[Facility], trade: Trade, settings: Path, asked: Callable[[Query], Employer]
) -> Callable[[Query], Found]:
    content = json.loads(settings.read_text(encoding="utf-8"))
    models = [of_names(**weights, trade=trade) for weights in content["models"]] or [fitted()] * FOLDS
    directory = Directory(trade)
    directory.replace(facilities)
    return _answerer(directory, models, content["accept_at"], asked)


def _answerer(
    directory: Directory, models: list[Model], accept_at: float, asked: Callable[[Query], Employer]
) -> Callable[[Query], Found]:
    def answer(query: Query) -> Found:
        found = resolved(asked(query), directory, models[query.fold], accept_at)
        if not found.candidates:
            return NO_MATCH
        return found.candidates[0].entry.facility.facility_id, found.confidence, found.decision == "auto"

    return answer
