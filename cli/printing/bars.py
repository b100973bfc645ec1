"""How high are the scores of accounts? Horizontal bars as PNG, colored by tier."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cli.printing.canvas import GRID, INK, Canvas, Color
from cli.printing.show import clean

WIDTH, ROW = 1_000, 24
TOP, BOTTOM, RIGHT = 56, 40, 60
WIDEST = 360
"""The maximum width of the labels, in pixels; a longer one is shortened."""
MOST = 300
"""Bars of a picture, the first ones; no screen shows more."""
COLORS: tuple[Color, ...] = ((176, 48, 48), (214, 144, 40), (64, 98, 150), (130, 138, 152))
"""By tier; further tiers have the last color."""


def draw(title: str, bars: Sequence[tuple[str, Decimal, int]], canvas_of: type[Canvas] = Canvas) -> bytes:
    """The picture as PNG, of label, score and tier of each account from top to bottom."""
    shown = bars[:MOST]
    canvas = canvas_of(WIDTH, TOP + ROW * max(1, len(shown)) + BOTTOM)
    labels = [_shortened(canvas, clean(label)) for label, _, _ in shown]
    left = 24 + max((canvas.width_of(label) for label in labels), default=0)
    _head(canvas, title if len(shown) == len(bars) else f"{title}: the first {MOST} of {len(bars):,}", bars)
    _axis(canvas, left)
    for number, (label, (_, score, tier)) in enumerate(zip(labels, shown, strict=True)):
        top = TOP + ROW * number
        canvas.write(left - 8 - canvas.width_of(label), top + 4, label)
        end = max(_x(left, score), left + 1)
        canvas.fill(left, top + 3, end, top + ROW - 3, color_of(tier))
        canvas.write(end + 6, top + 4, f"{score.normalize():f}")
    return canvas.png()


def color_of(tier: int) -> Color:
    return COLORS[min(tier, len(COLORS)) - 1]


def _head(canvas: Canvas, title: str, bars: Sequence[tuple[str, Decimal, int]]) -> None:
    """The title, and which color is which tier."""
    canvas.write(12, 8, clean(title))
    x = 12
    for tier in sorted({tier for _, _, tier in bars}):
        count = sum(one == tier for _, _, one in bars)
        text = f"Tier {tier}: {count:,}"
        canvas.fill(x, 32, x + 12, 44, color_of(tier))
        canvas.write(x + 18, 30, text)
        x += 18 + canvas.width_of(text) + 24


def _axis(canvas: Canvas, left: int) -> None:
    """Linear, from 0 to 100, with a name."""
    bottom = canvas.height - BOTTOM
    for score in range(0, 101, 20):
        x = _x(left, Decimal(score))
        canvas.fill(x, TOP, x + 1, bottom, GRID if score else INK)
        canvas.write(x - canvas.width_of(str(score)) // 2, bottom + 4, str(score))
    canvas.write((left + WIDTH - RIGHT) // 2 - 44, bottom + 20, "Score (points)")


def _x(left: int, score: Decimal) -> int:
    return left + round((WIDTH - RIGHT - left) * float(min(max(score, Decimal(0)), Decimal(100))) / 100)


def _shortened(canvas: Canvas, label: str) -> str:
    """A label that has space; whole if it can be."""
    line = " ".join(label.split())
    if canvas.width_of(line) <= WIDEST:
        return line
    while line and canvas.width_of(f"{line}...") > WIDEST:
        line = line[:-1]
    return f"{line.rstrip()}..."
