"""Does the picture of a funnel show each share with its target, and why there is none?"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from cli.printing import funnel
from cli.printing.canvas import BAR, DOWN, INK, UP
from engines.figures.computing import Figure, Part
from engines.figures.pack import Target
from tests.unit.figures.building import TODAY, kpi, on

MIDDLE = funnel.TOP + funnel.ROW // 2


def drawn(value: float | None, met: bool | None, target: Target | None = None) -> Image.Image:
    row = kpi(figure="ratio", of="lead_closed", reached="lead_won", by=("lead",), target=target)
    note = "nothing to count yet" if value is None else None
    return Image.open(io.BytesIO(funnel.draw([Figure(row, Part(value, 1, 2, met), on(89), TODAY, note)])))


@pytest.mark.parametrize("met,color", [(True, UP), (False, DOWN), (None, BAR)])
def test_a_bar_ends_at_its_share_and_has_the_color_of_its_target(met: bool | None, color: tuple[int, ...]) -> None:
    picture = drawn(0.5, met)
    end = (funnel.LEFT + funnel.WIDTH - funnel.RIGHT) // 2

    assert picture.getpixel((end - 2, MIDDLE)) == color
    assert picture.getpixel((end + 2, MIDDLE)) != color


def test_a_target_is_a_mark_across_the_bar() -> None:
    mark = funnel.LEFT + round((funnel.WIDTH - funnel.LEFT - funnel.RIGHT) * 0.8)

    assert drawn(0.9, True, Target(at_least=0.8)).getpixel((mark, MIDDLE)) == INK
    assert drawn(0.9, None).getpixel((mark, MIDDLE)) == BAR


def test_a_figure_without_a_value_has_no_bar() -> None:
    picture = drawn(None, None)

    assert all(picture.getpixel((x, MIDDLE)) not in (BAR, UP, DOWN) for x in range(funnel.WIDTH))
