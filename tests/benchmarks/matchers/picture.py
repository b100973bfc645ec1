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
LEFT, TOP, WIDE, HIGH, GAP = 60, 40, 420, 330, 70
SLOWEST, FASTEST = 10, 100_000
LINE = 14
"""Labels keep this far apart."""
INK, GRID, OURS, OTHERS = "#28282f", "#dcdee4", "#b03030", "#406296"
Results = dict[str, Any]


def drawn(results: Results, peers: Sequence[Peer]) -> str:
    sizes = sorted(results["sizes"].values(), key=lambda each: int(each["forms"]))[:2]
    width, height = LEFT + 2 * (WIDE + GAP), TOP + HIGH + 60
    parts = [f'<rect width="{width}" height="{height}" fill="white"/>']
    for number, (figure, title) in enumerate(PANELS):
        parts += _panel(LEFT + number * (WIDE + GAP), figure, title, sizes, peers)
    told = " and ".join(f"{size['forms']:,}" for size in sizes)
    parts.append(_text(width / 2, height - 8, f"lookups a second on one core, at {told} name forms", "middle"))
    size = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([head, f"<title>Speed and accuracy at {told} name forms</title>", *parts, "</svg>", ""])


def _panel(left: float, figure: str, title: str, sizes: Sequence[Results], peers: Sequence[Peer]) -> list[str]:
    known = [(peer, [size["peers"].get(peer.name, {}) for size in sizes]) for peer in peers]
    shown = [(peer, [one for one in found if figure in one]) for peer, found in known]
    lowest = min((one[figure] for _, found in shown for one in found), default=0.0)
    bottom = max(0.0, int(lowest * 20) / 20 - 0.05)
    parts = [_text(left, TOP - 14, title, "start", weight="bold"), *_grid(left, bottom)]
    labels: list[tuple[float, float, str, str]] = []
    for peer, found in shown:
        places = [(_x(left, one["per_second"]), _y(one[figure], bottom)) for one in found]
        colour = OURS if peer.is_ours else OTHERS
        parts += _points(places, colour)
        labels += [(*places[0], peer.title.replace("`", ""), colour)] if places else []
    return parts + _labels(labels, left + WIDE)


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


def _points(places: Sequence[tuple[float, float]], colour: str) -> list[str]:
    fills = (colour, "white")
    dots = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
        for (x, y), fill in zip(places, fills, strict=False)
    ]
    if len(places) < 2:
        return dots
    return [_rule(*places[0], *places[1], colour), *dots]


def _labels(wanted: Sequence[tuple[float, float, str, str]], right: float) -> list[str]:
    """Beside their points, to the left where there is no room; moved down where another one stands."""
    parts, lowest = [], 0.0
    for x, y, text, colour in sorted(wanted, key=lambda each: each[1]):
        lowest = max(lowest + LINE, y)
        turned = x + 7 * len(text) > right
        parts.append(_text(x + (-10 if turned else 10), lowest + 4, text, "end" if turned else "start", colour))
    return parts


def _x(left: float, per_second: float) -> float:
    place = (log10(max(per_second, SLOWEST)) - log10(SLOWEST)) / (log10(FASTEST) - log10(SLOWEST))
    return left + WIDE * min(place, 1.0)


def _y(share: float, bottom: float) -> float:
    return TOP + HIGH * (1 - share) / (1 - bottom)


def _text(x: float, y: float, text: str, anchor: str, colour: str = INK, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )


def _rule(x: float, y: float, to_x: float, to_y: float, colour: str = GRID) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"/>'
