"""How do speed and accuracy go together? Two panels as SVG, acc@1 and R@99 over lookups a second.

A full point is a peer on the registry as it is, and a line leads to the hollow one on the larger registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10
from typing import Any

from tests.benchmarks.matchers.measure import Peer

PANELS = (("acc_at_1", "acc@1"), ("recall_at_99", "recall at 99 % precision"))
LEFT, TOP, WIDE, HIGH, GAP, LEGEND = 50, 40, 370, 330, 60, 210
SLOWEST, FASTEST = 10, 100_000
INK, GRID = "#28282f", "#dcdee4"
COLORS = ("#d55e00", "#e69f00", "#f4a582", "#000000", "#56b4e9", "#0072b2", "#009e73", "#cc79a7", "#8a8a8a")
Results = dict[str, Any]


def drawn(results: Results, peers: Sequence[Peer]) -> str:
    sizes = sorted(results["sizes"].values(), key=lambda each: int(each["forms"]))[:2]
    width, height = LEFT + 2 * (WIDE + GAP) + LEGEND, TOP + HIGH + 60
    parts = [f'<rect width="{width}" height="{height}" fill="white"/>']
    for number, (figure, title) in enumerate(PANELS):
        parts += _panel(LEFT + number * (WIDE + GAP), figure, title, sizes, peers)
    parts += _legend(LEFT + 2 * (WIDE + GAP) - 20, sizes, peers)
    parts.append(_text(LEFT + WIDE + GAP / 2, height - 12, "lookups a second on one core", "middle"))
    size = f'viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([head, "<title>Speed and accuracy of the matcher and its peers</title>", *parts, "</svg>", ""])


def _panel(left: float, figure: str, title: str, sizes: Sequence[Results], peers: Sequence[Peer]) -> list[str]:
    shown = [[size["peers"].get(peer.name, {}) for size in sizes] for peer in peers]
    lowest = min((one[figure] for found in shown for one in found if figure in one), default=0.0)
    bottom = max(0.0, int(lowest * 10) / 10)
    parts = [_text(left, TOP - 14, title, "start"), *_grid(left, bottom)]
    for found, color in zip(shown, COLORS, strict=False):
        parts += _points(
            [(_x(left, one["per_second"]), _y(one[figure], bottom)) for one in found if figure in one], color
        )
    return parts


def _legend(left: float, sizes: Sequence[Results], peers: Sequence[Peer]) -> list[str]:
    parts = []
    for row, (peer, color) in enumerate(zip(peers, COLORS, strict=False)):
        y = TOP + 10 + 20 * row
        parts += [*_points([(left, y)], color), _text(left + 12, y + 4, peer.title.replace("`", ""), "start")]
    for row, (size, fill) in enumerate(zip(sizes, (INK, "white"), strict=False), len(peers) + 1):
        y = TOP + 10 + 20 * row
        parts += [_dot(left, y, fill, INK), _text(left + 12, y + 4, f"{size['forms']:,} name forms", "start")]
    return parts


def _grid(left: float, bottom: float) -> list[str]:
    parts = []
    for power in range(int(log10(SLOWEST)), int(log10(FASTEST)) + 1):
        x = _x(left, 10**power)
        parts += [_rule(x, TOP, x, TOP + HIGH), _text(x, TOP + HIGH + 18, f"{10**power:,}", "middle")]
    for step in range(6):
        share = bottom + (1 - bottom) * step / 5
        y = _y(share, bottom)
        parts += [_rule(left, y, left + WIDE, y), _text(left - 6, y + 4, f"{share:.2f}", "end")]
    return parts


def _points(places: Sequence[tuple[float, float]], color: str) -> list[str]:
    dots = [_dot(x, y, fill, color) for (x, y), fill in zip(places, (color, "white"), strict=False)]
    return [_rule(*places[0], *places[1], color), *dots] if len(places) > 1 else dots


def _dot(x: float, y: float, fill: str, color: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{color}" stroke-width="2"/>'


def _x(left: float, per_second: float) -> float:
    place = (log10(max(per_second, SLOWEST)) - log10(SLOWEST)) / (log10(FASTEST) - log10(SLOWEST))
    return left + WIDE * min(place, 1.0)


def _y(share: float, bottom: float) -> float:
    return TOP + HIGH * (1 - share) / (1 - bottom)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(text)}</text>'


def _rule(x: float, y: float, to_x: float, to_y: float, color: str = GRID) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{color}"/>'
