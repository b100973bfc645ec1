"""Where are the marks of a chart? Across in percent of the width, down in pixels, so that labels keep their size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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
    aim_label: str = ""
    last: str = ""


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
    if points:
        points = (*points[:-1], Point(points[-1].x, points[-1].y, points[-1].label, points[-1].href, last=True))
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
        aim_label,
        next((each.text for each in reversed(weeks) if each.value is not None), ""),
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
