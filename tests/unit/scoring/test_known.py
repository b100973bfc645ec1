"""Does a score state what is known of an account, and figures estimated from it, without weighing them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engines.packs import PackInvalid
from engines.scoring.formula import Line, score
from engines.scoring.inputs import Fact, Inputs
from engines.scoring.model import Model
from engines.scoring.pack import scheme_from
from engines.scoring.score_state import cause_of, must_publish, score_state

EARLIER, DAY = date(2026, 6, 1), date(2026, 7, 1)
VENDOR = {
    "factor": "vendor", "kind": "classes", "label": "Vendor", "weight": 1, "out_of": 15, "field": "software",
    "classes": [{"value": 15, "any": ["Ash", "Beech"], "evidence": "open software"},
                {"value": 6, "any": ["Cedar"], "evidence": "closed software"}],
    "otherwise": 9, "otherwise_evidence": "other software", "unknown": "no software",
}  # fmt: skip
SOFTWARE = {"factor": "software", "kind": "fact", "label": "Software"}
LIFT = {
    "factor": "lift", "kind": "estimate", "label": "Lift, %", "formula": "4 + 5 * vendor / min(places, 2)",
    "needs": ["places", "software"], "most": 15, "source": "ours",
}  # fmt: skip


def model(*factors: dict[str, Any]) -> Model:
    given = {"name": "m", "factors": [VENDOR, *factors]}
    return scheme_from("p", given, {"policy": "fixed", "cuts": {1: 50}}).model


MODEL = model(LIFT, SOFTWARE)


def an_account(as_of: date = EARLIER, **facts: str | None) -> Inputs:
    return Inputs("1", "TX", {name: (Fact("1", name, as_of, value),) for name, value in facts.items()})


def lines(account: Inputs, of: Model = MODEL) -> dict[str, Line]:
    return {line.factor: line for line in score(account, DAY, of).breakdown}


@pytest.mark.parametrize(
    "software,points,evidence",
    [
        ("ash", "100", "open software as of 2026-06-01"),
        ("Cedar", "40", "closed software as of 2026-06-01"),
        ("Cedar|Beech", "100", "open software as of 2026-06-01"),
        ("Cedar|Oak", "60", "other software as of 2026-06-01"),
        (None, "0", "unknown: no software as of 2026-06-01"),
    ],
)
def test_values_of_a_class_count_alike_and_the_best_of_several_counts(
    software: str | None, points: str, evidence: str
) -> None:
    line = lines(an_account(software=software))["vendor"]

    assert (line.points, line.evidence) == (Decimal(points), evidence)


def test_a_fact_is_a_line_without_weight_that_states_its_value() -> None:
    line = lines(an_account(software="Ash|Oak"))["software"]

    assert (line.weight + line.points, line.known, line.evidence) == (Decimal(0), True, "Ash|Oak as of 2026-06-01")
    assert not lines(an_account())["software"].known
    assert MODEL.most == 100


@pytest.mark.parametrize(
    "facts,evidence",
    [
        ({"software": "Ash", "places": "1"}, "9 as of 2026-06-01"),
        ({"software": "Ash", "places": "8"}, "6 as of 2026-06-01"),  # 6.5, half to even
        ({"software": "Oak", "places": "0.1"}, "15 as of 2026-06-01"),  # 34, and no more than `most`
        ({"software": "Ash", "places": "0"}, "unknown: not computable"),
        ({"software": "Ash", "places": "many"}, "unknown: not computable without places"),
        ({"software": None, "places": None}, "unknown: not computable without places, software"),
    ],
)
def test_an_estimate_is_its_formula_to_the_last_digit_or_not_computable(
    facts: dict[str, str | None], evidence: str
) -> None:
    line = lines(an_account(EARLIER, **facts))["lift"]

    assert (line.evidence, line.known) == (evidence, not evidence.startswith("unknown"))
    assert line.points == 0


def test_a_fact_that_changes_is_published_as_assessed_and_a_new_date_alone_is_not() -> None:
    def state(**facts: str) -> Any:
        return score_state("1", score(an_account(EARLIER, **facts), DAY, MODEL), 1, "p")

    before, renamed = state(software="Ash", places="1"), state(software="Beech", places="1")
    later = score_state("1", score(an_account(DAY, software="Ash", places="1"), DAY, MODEL), 1, "p")

    assert must_publish(before, renamed, MODEL)
    assert not must_publish(before, later, MODEL)
    assert cause_of(before, renamed, None, MODEL) == "facility.assessed"
    assert cause_of(before, replace(before, tier=2), None, MODEL) == "calibrate"


@pytest.mark.parametrize(
    "change,problem",
    [
        ({"formula": "places ** 2"}, "formula has numbers, names"),
        ({"formula": "__import__('os')"}, "formula has numbers, names"),
        ({"formula": "places.real"}, "formula has numbers, names"),
        ({"formula": "4 +"}, "formula cannot be read"),
        ({"formula": "4"}, "formula reads no factor and no fact"),
        ({"formula": "1 + " * 200 + "places"}, "formula has more than 400 characters"),
        ({"formula": "beds * 2"}, "beds of the formula is no scored factor and no fact of `needs`"),
        (
            {"formula": "software * 2", "needs": []},
            "software of the formula is no scored factor and no fact of `needs`",
        ),
        ({"formula": "vendor", "needs": ["vendor"]}, "vendor of the formula is both"),
        ({"least": 15}, "0 <= least < most"),
    ],
)
def test_a_formula_that_cannot_be_computed_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(PackInvalid, match=problem.replace("*", r"\*")):
        model({**LIFT, **change}, SOFTWARE)
