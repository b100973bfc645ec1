"""How far do leads come? Shares of a funnel as bars, with their targets, as PNG."""

from __future__ import annotations

from collections.abc import Sequence

from cli.printing.canvas import BAR, DOWN, GRID, INK, UP, Canvas
from engines.figures.computing import Figure
from engines.figures.wording import counts_of, value_of

WIDTH, LEFT, RIGHT, TOP, ROW = 1_000, 300, 160, 20, 40
BOTTOM = 50


def draw(figures: Sequence[Figure]) -> bytes:
    """A bar for each figure that is a share; its color shows whether the target, a mark, is met."""
    shares = [figure for figure in figures if figure.kpi.figure == "ratio"]
    canvas = Canvas(WIDTH, TOP + ROW * len(shares) + BOTTOM)
    _axis(canvas, len(shares))
    for row, figure in enumerate(shares):
        _bar(canvas, TOP + ROW * row, figure)
    return canvas.png()


def _axis(canvas: Canvas, rows: int) -> None:
    bottom = TOP + ROW * rows
    for percent in range(0, 101, 20):
        x = _x(percent / 100)
        canvas.fill(x, TOP, x + 1, bottom, GRID if percent else INK)
        text = f"{percent} %"
        canvas.write(x - canvas.width_of(text) // 2, bottom + 10, text)


def _bar(canvas: Canvas, top: int, figure: Figure) -> None:
    kpi, whole = figure.kpi, figure.whole
    canvas.write(10, top + 11, kpi.title)
    if whole.value is not None:
        color = {True: UP, False: DOWN, None: BAR}[whole.met]
        canvas.fill(LEFT, top + 8, max(_x(whole.value), LEFT + 2), top + ROW - 8, color)
    if kpi.target and kpi.target.at_least is not None:
        canvas.fill(_x(kpi.target.at_least) - 1, top + 2, _x(kpi.target.at_least) + 2, top + ROW - 2, INK)
    text = figure.note or f"{value_of(kpi, whole.value)}  {counts_of(kpi, whole)}"
    canvas.write(LEFT + 10 if figure.note else WIDTH - RIGHT + 16, top + 11, text)


def _x(share: float) -> int:
    return LEFT + round((WIDTH - LEFT - RIGHT) * share)
