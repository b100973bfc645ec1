"""Does the picture show the distribution, the tiers and who crossed?"""

from __future__ import annotations

import struct
import zlib

from cli.picture import BAR, DOWN, UP, draw, histogram

MADE = {
    "cuts": {"1": "45.2", "2": "34.0"},
    "crossings": [{"score": "46", "from_tier": 2, "to_tier": 1}, {"score": "33", "from_tier": 2, "to_tier": 3}],
}


def colours(png: bytes) -> set[tuple[int, ...]]:
    """The colours in a PNG of three bytes a pixel."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    size = struct.unpack(">I", png[33:37])[0]
    raw = zlib.decompress(png[41 : 41 + size])
    assert len(raw) == height * (1 + 3 * width)
    lines = (raw[y * (1 + 3 * width) + 1 : (y + 1) * (1 + 3 * width)] for y in range(height))
    return {tuple(line[x : x + 3]) for line in lines for x in range(0, len(line), 3)}


def test_scores_are_counted_in_steps_of_two_and_the_highest_belongs_to_the_last() -> None:
    assert histogram([0.0, 1.9, 2.0, 99.9, 100.0]) == {0: 2, 1: 1, 49: 2}


def test_bars_and_both_kinds_of_crossings_are_drawn() -> None:
    assert {BAR, UP, DOWN} <= colours(draw([10.0, 46.0], MADE))


def test_before_any_calibration_there_are_bars_and_no_crossings() -> None:
    found = colours(draw([10.0, 46.0], None))

    assert BAR in found
    assert not {UP, DOWN} & found


def test_a_cohort_of_nobody_is_an_empty_picture() -> None:
    assert BAR not in colours(draw([], None))
