"""Where are the marks of a chart? Across in percent of the width, down in pixels, so that labels keep their size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.console.rendering.labels import Label, labels_of

HEIGHT = 128
Tone = Literal["", "soft", "warn", "bad", "plain"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table that says the same as a chart; `href` is the list behind its mark."""

    label: str
    cells: tuple[str, ...]
    href: str = ""
    marked: bool = True
    """Whether the chart has a mark of it: not for too few."""


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A mark of a line."""

    x: float
    y: float
    label: str
    href: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of shares over time. Its axis may start above 0."""

    id: str
    title: str
    """What it shows, as a finding."""
    about: str
    summary: str
    points: tuple[Point, ...]
    table: Table
    axis: tuple[str, ...]
    """From the top to the bottom, at even distances."""
    ends: tuple[str, str]
    aim: float | None = None
    labels: tuple[Label, ...] = ()
    """The last value, and the target."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """A value of a week; without one, there were too few."""

    label: str
    value: float | None
    text: str
    fraction: str
    href: str


def line(
    weeks: Sequence[Weekly], *, anchor: str, title: str, about: str, summary: str, aim: float | None, aim_label: str
) -> Line:
    """The marks of shares from 0 to 1."""
    values = [each.value for each in weeks if each.value is not None]
    low, high = scale([*values, *([aim] if aim is not None else [])])
    points = tuple(
        Point(
            round(100 * place / max(len(weeks) - 1, 1), 2),
            down(each.value, low, high),
            f"{each.label}: {each.text}, {each.fraction}",
            each.href,
        )
        for place, each in enumerate(weeks)
        if each.value is not None
    )
    labels: tuple[Label, ...] = ()
    if points:
        points = (*points[:-1], replace(points[-1], last=True))
        last = next(each.text for each in reversed(weeks) if each.value is not None)
        target = (aim_label, down(aim, low, high)) if aim is not None else None
        labels = labels_of([(each.x, each.y) for each in points], last, target, HEIGHT)
    return Line(
        anchor,
        title,
        about,
        summary,
        points,
        Table(
            ("Week from", "Share", "Of"),
            tuple(Row(each.label, (each.text, each.fraction), each.href, each.value is not None) for each in weeks),
        ),
        tuple(f"{round(100 * (high - (high - low) * step / 2))} %" for step in range(3)),
        (weeks[0].label, weeks[-1].label) if weeks else ("", ""),
        None if aim is None else down(aim, low, high),
        labels,
    )


def scale(values: Sequence[float]) -> tuple[float, float]:
    """Steps of a fifth around the values."""
    if not values:
        return 0.0, 1.0
    low = max(0.0, math.floor(min(values) * 5) / 5)
    high = min(1.0, math.ceil(max(values) * 5 - 1e-9) / 5)
    return (low, high) if high - low >= 0.4 else (max(0.0, high - 0.4), max(high, 0.4))


def down(value: float, low: float, high: float) -> float:
    return round(HEIGHT * (high - value) / (high - low), 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the left; `percent` of the longest or of all."""

    label: str
    percent: float
    text: str
    detail: str = ""
    href: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts of one bar, with the start and width of each."""

    label: str
    parts: tuple[tuple[float, float, Tone, str], ...]
    text: str
    detail: str = ""
    href: str = ""


def stack(label: str, counts: Sequence[tuple[int, Tone, str]], text: str, detail: str, href: str = "") -> Stack:
    total = sum(count for count, _, _ in counts)
    parts, start = list[tuple[float, float, Tone, str]](), 0.0
    for count, tone, name in counts:
        width = 100 * count / total if total else 0.0
        if count:
            parts.append((round(start, 2), round(max(width - 0.6, 0.4), 2), tone, f"{name} {count}"))
        start += width
    return Stack(label, tuple(parts), text, detail, href)


@dataclass(frozen=True, slots=True)
class Box:
    """The spread of values: least, quartiles and most, in percent of the axis; None of too few."""

    label: str
    places: tuple[float, float, float, float, float] | None
    text: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Spread:
    boxes: tuple[Box, ...]
    axis: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Dot:
    """A share with its interval, in percent; None of too few."""

    label: str
    at: float | None
    low: float
    high: float
    text: str
    fraction: str
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """The accounts of a tier in a bar of a histogram."""

    tier: int
    count: int
    x: float
    y: float
    height: float
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a tier begins."""

    x: float
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Histogram:
    parts: tuple[Part, ...]
    cuts: tuple[Cut, ...]
    rules: tuple[tuple[float, str], ...]
    """Heights, and what they mean."""
    table: Table
    summary: str


TALL = 206
BAR = 2
"""Points of a bar."""


def histogram(counts: Sequence[tuple[int, int, int, str]], cuts: Sequence[Cut], summary: str) -> Histogram:
    """Of the first points of a bar, a tier, and how many are there, with their list. Better tiers stand on others."""
    heights: dict[int, int] = {}
    for first, _, count, _ in counts:
        heights[first] = heights.get(first, 0) + count
    most = max(heights.values(), default=1)
    parts, rows, below = list[Part](), list[Row](), dict[int, int]()
    for first, tier, count, href in sorted(counts, key=lambda each: (each[0], -each[1])):
        base = below.get(first, 0)
        height = round(TALL * count / most, 1)
        y = round(TALL * (1 - (base + count) / most), 1)
        last = min(first + BAR, 100)
        parts.append(Part(tier, count, float(first), y, height, f"{first} to {last}, Tier {tier}: {count}", href))
        rows.append(Row(f"{first} to {last}", (f"Tier {tier}", f"{count}"), href))
        below[first] = base + count
    step = _step(most)
    rules = tuple((round(TALL * (1 - at / most), 1), f"{at}") for at in range(step, most + 1, step))
    return Histogram(tuple(parts), tuple(cuts), rules, Table(("Score", "Tier", "How many"), tuple(rows)), summary)


def _step(most: int) -> int:
    """About four rules, at round numbers."""
    return next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000) if most / step <= 4.5
    )
