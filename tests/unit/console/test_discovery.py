"""Does discovery say what would really lift an account into the next tier?"""

from __future__ import annotations

from typing import Any

from services.console.screens.discovery.building import missing_points, reasons, ways

CUTS = {1: 40.0, 2: 25.0}


def factor(label: str, weight: str, points: str) -> dict[str, Any]:
    return {"label": label, "weight": weight, "points": points, "evidence": f"{label} as of 2026-07-01"}


STATE = {
    "multiplier": "1.1",
    "breakdown": [factor("posting", "0.36", "0"), factor("rating", "0.2", "20"), factor("fine", "0.04", "0")],
}


def test_what_is_missing_is_the_distance_to_the_next_cut() -> None:
    assert missing_points(3, 22.0, CUTS) == 3.0
    assert missing_points(2, 22.0, CUTS) == 18.0
    assert missing_points(1, 44.0, CUTS) == 0.0


def test_a_way_is_a_factor_that_would_be_enough_by_itself() -> None:
    assert [(each.text, round(each.points, 1)) for each in ways(STATE, 18.0)] == [("posting", 39.6)]
    assert [each.text for each in ways(STATE, 3.0)] == ["fine", "posting"]
    assert ways(STATE, 0.0) == ()


def test_reasons_are_what_gives_points() -> None:
    assert reasons(STATE) == ("rating as of 1 Jul",)
