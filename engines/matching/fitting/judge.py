"""How good are the answers by the protocol of docs/matching.md?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engines.matching.engine import Answer, Ranked
from engines.matching.fitting.rows import LabeledRow

BINS = 10
WANTED = 0.99


@dataclass(frozen=True, slots=True)
class Judged:
    row: LabeledRow
    answer: Answer

    @property
    def first(self) -> Ranked | None:
        return self.answer.candidates[0] if self.answer.candidates else None

    @property
    def is_right(self) -> bool:
        return (
            bool(self.row.facility_id)
            and self.first is not None
            and self.first.entry.facility.facility_id == self.row.facility_id
        )

    @property
    def is_campus(self) -> bool:
        """Whether the row is a wing for another kind of business with the facility's name."""
        if self.first is None or not self.row.may_be_campus:
            return False
        core = self.first.query.core
        return any(core <= form.core or (bool(form.core) and form.core <= core) for form in self.first.entry.forms)


def judged(rows: Sequence[LabeledRow], answer: Callable[[LabeledRow], Answer]) -> list[Judged]:
    return [Judged(row, answer(row)) for row in rows]


def figures(found: Sequence[Judged], state: str | None) -> dict[str, Any]:
    """The figures of a report. Parent organizations are not counted as strangers, but separately."""
    answerable = [each for each in found if each.row.facility_id]
    counted = [each for each in found if not each.row.is_parent]
    accepted = [each for each in counted if each.answer.decision == "auto"]
    strangers = [each for each in found if not each.row.facility_id and each.answer.decision == "auto"]
    there = [each for each in answerable if each.row.employer.state == state]
    by_kind = Counter("parent" if s.row.is_parent else "campus" if s.is_campus else "other" for s in strangers)
    others = sum(not each.row.facility_id and not each.row.is_parent for each in found)
    right = sum(each.is_right for each in accepted)
    return {
        "rows": len(found),
        "acc_at_1": _share(each.is_right for each in answerable),
        **({f"acc_at_1_{state.lower()}": _share(each.is_right for each in there)} if state else {}),
        "truth_in_five": _share(
            each.row.facility_id in {c.entry.facility.facility_id for c in each.answer.candidates}
            for each in answerable
        ),
        "recall_at_99": recall_at(counted, WANTED, len(answerable)),
        "auto_precision": round(right / max(len(accepted), 1), 4),
        "auto_recall": round(right / max(len(answerable), 1), 4),
        "calibration_error": round(calibration_error(counted), 4),
        "strangers_accepted": dict(sorted(by_kind.items())),
        "strangers_accepted_share_others": round(by_kind["other"] / max(others, 1), 4),
        "calibration_curve": curve(counted),
    }


def recall_at(found: Sequence[Judged], precision: float, answerable: int) -> float:
    """Recall at the lowest threshold whose measured precision is at least this."""
    ordered = sorted(found, key=lambda each: -each.answer.confidence)
    right = best = 0
    for number, each in enumerate(ordered, 1):
        right += each.is_right
        if right >= precision * number:
            best = right
    return round(best / max(answerable, 1), 4)


def curve(found: Sequence[Judged]) -> list[dict[str, float]]:
    """Ten equal bins of confidence, each with its rows, mean confidence and share of right answers."""
    bins: list[list[Judged]] = [[] for _ in range(BINS)]
    for each in found:
        bins[min(int(each.answer.confidence * BINS), BINS - 1)].append(each)
    return [
        {
            "rows": len(each),
            "confidence": round(sum(one.answer.confidence for one in each) / len(each), 4),
            "right": round(sum(one.is_right for one in each) / len(each), 4),
        }
        for each in bins
        if each
    ]


def calibration_error(found: Sequence[Judged]) -> float:
    return sum(each["rows"] * abs(each["confidence"] - each["right"]) for each in curve(found)) / max(len(found), 1)


def _share(these: Any) -> float:
    known = [bool(each) for each in these]
    return round(sum(known) / max(len(known), 1), 4)
