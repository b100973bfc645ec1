"""Where does a label of a line chart not collide? Across in percent of the width, down in pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

NARROW = 270
"""The width of the narrowest chart, in pixels."""
LETTER, ABOVE, BELOW = 6.5, 11, 3
"""How wide a letter is, and how far it reaches from the line that it is written on, in pixels."""
RADIUS, ENOUGH = 4, 6
"""Of a mark, and what keeps a label apart from the curve, in pixels."""
PARTS = 4
"""Into which a line between two marks is cut."""
Place = tuple[float, float]
Area = tuple[float, float, float, float]
"""Its left and right, its top and bottom."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text from `x` on, or until there."""

    text: str
    x: float
    y: float
    """Of the line that it is written on."""
    ends: bool = False

    @property
    def area(self) -> Area:
        """What it covers in the narrowest chart."""
        width = 100 * LETTER * len(self.text) / NARROW
        left = self.x - width if self.ends else self.x
        return left, left + width, self.y - ABOVE, self.y + BELOW


def labels_of(marks: Sequence[Place], last: str, target: tuple[str, float] | None, height: float) -> tuple[Label, ...]:
    """The label of the last mark, and that of a line across the chart, with where it is."""
    x, y = marks[-1]
    end = Label(last, x, y - 10 if y > 24 else y + 20, ends=x > 50)
    return (end, _beside(*target, [*covered(marks), end.area], height)) if target else (end,)


def covered(marks: Sequence[Place]) -> Iterator[Area]:
    """Where marks and the lines between them are."""
    for x, y in marks:
        yield x, x, y - RADIUS, y + RADIUS
    for (x, y), (to_x, to_y) in pairwise(marks):
        for part in range(PARTS):
            start, end = y + (to_y - y) * part / PARTS, y + (to_y - y) * (part + 1) / PARTS
            left, right = x + (to_x - x) * part / PARTS, x + (to_x - x) * (part + 1) / PARTS
            yield left, right, min(start, end), max(start, end)


def _beside(text: str, y: float, taken: Sequence[Area], height: float) -> Label:
    """Above or below a line across the chart: the first place that is free, or else the freest one."""
    places = [Label(text, x, at, ends) for at in (y - 6, y + 16) for x, ends in ((1, False), (36, False), (100, True))]
    inside = [each for each in places if each.area[2] >= 0 and each.area[3] <= height]
    return max(inside, key=lambda place: min(room(place.area, taken), ENOUGH))


def room(area: Area, taken: Sequence[Area]) -> float:
    """The pixels between an area and what is above or below it; negative where they collide."""
    left, right, top, bottom = area
    gaps = [max(top - under, over - bottom) for start, end, over, under in taken if start <= right and left <= end]
    return min(gaps, default=float("inf"))
