"""Does the picture show the distribution, the tiers and the facilities that changed tier?"""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from cli.printing.canvas import BAR, DOWN, UP, Canvas, round_step
from cli.printing.histogram import draw, histogram
from shared.contracts.scorer_replies import Calibration

MADE = Calibration.model_validate(
    {
        "calibration_id": UUID(int=1),
        "calibrated_on": "2026-07-01",
        "cohort": 2,
        "cuts": {1: "45.2", 2: "34.0"},
        "hysteresis": "2",
        "sizes": {1: 1, 2: 0, 3: 1},
        "ties": {1: 0, 2: 0},
        "crossings": [
            {"facility_id": "335001", "score": "46", "from_tier": 2, "to_tier": 1},
            {"facility_id": "335002", "score": "33", "from_tier": 2, "to_tier": 3},
        ],
        "pack": "abc",
    }
)


def colors(png: bytes) -> set[tuple[int, ...]]:
    return {pixel for line in pixels(png) for pixel in line}


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """The lines of a PNG with three bytes per pixel."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        raw, (width, height) = image.convert("RGB").tobytes(), image.size
    lines = (raw[3 * y * width : 3 * (y + 1) * width] for y in range(height))
    return [[tuple(line[x : x + 3]) for x in range(0, len(line), 3)] for line in lines]


def test_scores_are_counted_in_steps_of_two_and_the_highest_belongs_to_the_last() -> None:
    assert histogram([0.0, 1.9, 2.0, 99.9, 100.0]) == {0: 2, 1: 1, 49: 2}


def test_bars_and_both_kinds_of_crossings_are_drawn() -> None:
    assert {BAR, UP, DOWN} <= colors(draw([10.0, 46.0], MADE))


def test_before_any_calibration_there_are_bars_and_no_crossings() -> None:
    found = colors(draw([10.0, 46.0], None))

    assert BAR in found
    assert not {UP, DOWN} & found


def test_the_picture_of_an_empty_cohort_has_no_bars() -> None:
    assert BAR not in colors(draw([], None))


def test_a_bar_for_twice_as_many_facilities_is_twice_as_high() -> None:
    lines = pixels(draw([1.0] * 400 + [51.0] * 200 + [91.0], None))

    heights = [sum(line[x] == BAR for line in lines) for x in (90, 540, 899)]
    assert heights[0] / heights[1] == pytest.approx(2, rel=0.01)
    assert heights[2] == 2


@pytest.mark.parametrize(
    "most, step", [(0, 1), (5, 1), (6, 2), (10, 2), (11, 5), (26, 10), (1_583, 500), (14_693, 5_000)]
)
def test_the_axis_of_facilities_has_few_and_round_numbers(most: int, step: int) -> None:
    assert round_step(most) == step


def test_both_axes_have_labels() -> None:
    written: list[str] = []

    class RecordingCanvas(Canvas):
        def write(self, x: int, y: int, text: str, *style: Any) -> None:
            written.append(text)

    draw([10.0, 46.0, 47.0], MADE, RecordingCanvas)

    assert {"Facilities", "Score (points)", "0", "100", "Tier 1 from 45.2: 2", "rose a tier"} <= set(written)
