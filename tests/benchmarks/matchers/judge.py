"""How good are a peer's answers, by the protocol of docs/matching.md?

Hospitals among the strangers are left out, as there. Rows that are equally sure are accepted together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from engines.matching.fitting.rows import LabeledRow
from tests.benchmarks.matchers.answering import Found

PRECISION = 0.99


def figures(rows: Sequence[LabeledRow], answers: Sequence[Found]) -> dict[str, float | int | None]:
    """Figures of the answered rows: the first ones, if the time was up."""
    answered = list(zip(rows, answers, strict=False))
    answerable = sum(bool(row.facility_id) for row, _ in answered) or 1
    counted = [
        (found, bool(row.facility_id) and found[0] == row.facility_id) for row, found in answered if not row.is_parent
    ]
    accepted = [right for (_, _, is_accepted), right in counted if is_accepted]
    return {
        "rows": len(answered),
        "acc_at_1": round(sum(right for _, right in counted) / answerable, 4),
        "recall_at_99": round(recall_at(PRECISION, counted) / answerable, 4),
        "precision": round(sum(accepted) / len(accepted), 4) if accepted else None,
        "recall": round(sum(accepted) / answerable, 4) if accepted else None,
    }


def recall_at(precision: float, counted: Sequence[tuple[Found, bool]]) -> int:
    """How many are right above the lowest threshold with at least this share of right ones."""
    ordered = sorted(((confidence, right) for (_, confidence, _), right in counted), reverse=True)
    right = number = best = 0
    for _, equals in groupby(ordered, key=lambda each: each[0]):
        for _, is_right in equals:
            number += 1
            right += is_right
        if right >= precision * number:
            best = right
    return best
