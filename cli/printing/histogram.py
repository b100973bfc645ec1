"""How are scores distributed? A histogram as PNG.

Bars count facilities in steps of two points, on linear axes. The tiers are bands behind the bars, with their sizes,
because the few facilities at the top are hardly visible beside the many at the bottom. A mark under a bar shows that
a facility in it crossed a tier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cli.printing.canvas import BAR, DOWN, GRID, INK, UP, Canvas, round_step

if TYPE_CHECKING:
    from shared.contracts.events import Crossing
    from shared.contracts.scorer_replies import Calibration

WIDTH, HEIGHT = 1_000, 560
LEFT, RIGHT, TOP, BOTTOM = 80, 20, 70, 80
STEP = 2
BANDS = ((255, 226, 220), (255, 243, 214), (238, 241, 246))


def draw(scores: Sequence[float], calibration: Calibration | None, canvas_of: type[Canvas] = Canvas) -> bytes:
    """The distribution as PNG, with the cuts and crossings of a calibration."""
    canvas = canvas_of(WIDTH, HEIGHT)
    cuts = sorted(float(cut) for cut in calibration.cuts.values()) if calibration else []
    counts = histogram(scores)
    step = round_step(max(counts.values(), default=0))
    top = step * max(1, -(-max(counts.values(), default=0) // step))
    _bands(canvas, cuts, scores)
    _axes(canvas, step, top)
    _bars(canvas, counts, top)
    if calibration:
        _crossings(canvas, calibration.crossings)
    return canvas.png()


def histogram(scores: Iterable[float]) -> Counter[int]:
    """Facilities per bar; a score of 100 is in the last one."""
    return Counter(min(int(score // STEP), 100 // STEP - 1) for score in scores)


def _x(score: float) -> int:
    return LEFT + round((WIDTH - LEFT - RIGHT) * score / 100)


def _y(count: float, top: int) -> int:
    return HEIGHT - BOTTOM - round((HEIGHT - TOP - BOTTOM) * count / top)


def _bands(canvas: Canvas, cuts: Sequence[float], scores: Sequence[float]) -> None:
    edges = [0.0, *(min(cut, 100.0) for cut in cuts), 100.0]
    for place, (low, high) in enumerate(pairwise(edges)):
        tier = len(edges) - 1 - place
        canvas.fill(_x(low), TOP, _x(high), HEIGHT - BOTTOM, BANDS[min(tier, len(BANDS)) - 1])
        if high > low:
            within = sum(low <= score < high or score >= high == 100.0 for score in scores)
            text = f"Tier {tier}" + (f" from {low:.1f}" if low else "") + f": {within:,}"
            canvas.write(_x(low) + 4, TOP - (40 if place % 2 else 20), text)


def _bars(canvas: Canvas, counts: Mapping[int, int], top: int) -> None:
    """Bars are at least two pixels high, so that they are visible."""
    for bar, count in counts.items():
        y = min(_y(count, top), HEIGHT - BOTTOM - 2)
        canvas.fill(_x(bar * STEP) + 1, y, _x((bar + 1) * STEP) - 1, HEIGHT - BOTTOM, BAR)


def _crossings(canvas: Canvas, crossings: Iterable[Crossing]) -> None:
    """Marks above the numbers of the axis: green if a facility rose at the last calibration, red if one fell."""
    for one in crossings:
        rose = one.to_tier < one.from_tier
        x = _x(float(one.score) // STEP * STEP)
        top = HEIGHT - BOTTOM + (4 if rose else 12)
        canvas.fill(x + 2, top, _x(float(one.score) // STEP * STEP + STEP) - 2, top + 6, UP if rose else DOWN)
    canvas.write(WIDTH - RIGHT - 184, HEIGHT - 22, "rose a tier", UP)
    canvas.write(WIDTH - RIGHT - 88, HEIGHT - 22, "fell a tier", DOWN)


def _axes(canvas: Canvas, step: int, top: int) -> None:
    """Both axes are linear, begin at 0, and have a name and round numbers."""
    for count in range(0, top + 1, step):
        y, text = _y(count, top), f"{count:,}"
        canvas.fill(LEFT, y, WIDTH - RIGHT, y + 1, GRID if count else INK)
        canvas.write(LEFT - 8 - canvas.width_of(text), y - 8, text)
    canvas.fill(LEFT, TOP, LEFT + 1, HEIGHT - BOTTOM, INK)
    canvas.write(4, TOP - 60, "Facilities")
    for score in range(0, 101, 10):
        canvas.fill(_x(score), HEIGHT - BOTTOM, _x(score) + 1, HEIGHT - BOTTOM + 24, INK)
        canvas.write(_x(score) - canvas.width_of(str(score)) // 2, HEIGHT - BOTTOM + 30, str(score))
    canvas.write((LEFT + WIDTH - RIGHT) // 2 - 52, HEIGHT - 22, "Score (points)")
