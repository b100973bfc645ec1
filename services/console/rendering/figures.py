"""How is a key figure written? Below ten cases there is no percentage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engines.figures.computing import Figure, Part
from engines.figures.pack import Kpi
from engines.figures.wording import unit_of
from services.console.rendering.filters import day, money

FEW = 10
"""Of fewer, a share says little."""
DASH = "–"
Side = Literal["", "reached", "missing"]


@dataclass(frozen=True, slots=True)
class Written:
    """A value in words."""

    value: str
    note: str = ""
    """`too few for %`"""
    fraction: str = ""
    """`74/85`"""
    percent: float | None = None
    """As a bar; None where there is none."""
    met: bool | None = None
    """None without a target, and with too few."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with what it follows from."""

    title: str
    written: Written
    href: str
    """Its list; empty if the person may see only the total."""
    window: str
    target: str = ""
    aim: float | None = None
    """Where the target is on a bar."""
    whose: str = ""
    """`all reps`, where a figure is not by rep."""


def written(kpi: Kpi, part: Part, note: str | None = None) -> Written:
    if part.value is None:
        return Written(DASH, note or "nothing to count yet", f"0/{part.denominator}" if part.denominator else "")
    if kpi.figure == "ratio":
        return share(part.numerator, part.denominator, part.met)
    if kpi.figure == "count":
        return Written(f"{part.numerator:,}", met=part.met)
    value = f"{money(part.value)} a day" if kpi.figure == "rate" else f"{number(part.value)} {_unit(kpi, part.value)}"
    few = part.numerator < FEW
    return Written(value, "too few to judge" if few else "", _of(part), met=None if few else part.met)


def _unit(kpi: Kpi, value: float) -> str:
    return {"days": "day", "hours": "hour", "touches": "touch"}[unit_of(kpi)] if number(value) == "1" else unit_of(kpi)


def share(count: int, of: int, met: bool | None = None) -> Written:
    """A share of so many."""
    if not of:
        return Written(DASH, "nothing to count yet")
    if of < FEW:
        return Written(f"{count} of {of}", "too few for %", f"{count}/{of}")
    return Written(percent(count / of), "", f"{count:,}/{of:,}", round(100 * count / of, 2), met)


def percent(value: float) -> str:
    """A share never reads as all or nothing unless it is."""
    rounded = round(100 * value)
    if rounded in (0, 100) and value not in (0, 1):
        return f"{100 * value:.1f} %"
    return f"{rounded} %"


def number(value: float) -> str:
    """At most one decimal."""
    return f"{value:,.1f}".removesuffix(".0")


def _of(part: Part) -> str:
    return (
        f"{part.numerator:,} measured"
        if part.numerator == part.denominator
        else (f"{part.numerator:,} of {part.denominator:,} measured")
    )


def target(kpi: Kpi) -> str:
    """`≥ 85 %`"""
    if not kpi.target:
        return ""
    bounds = (("≥", kpi.target.at_least), ("≤", kpi.target.at_most))
    return ", ".join(f"{sign} {_bound(kpi, bound)}" for sign, bound in bounds if bound is not None)


def _bound(kpi: Kpi, bound: float) -> str:
    return f"{100 * bound:g} %" if kpi.figure == "ratio" else f"{bound:g} {unit_of(kpi)}"


def aim(kpi: Kpi) -> float | None:
    """The target as a share of 1; None if it is none."""
    if not kpi.target or kpi.figure != "ratio":
        return None
    return kpi.target.at_least if kpi.target.at_least is not None else kpi.target.at_most


def days(since: date, until: date) -> str:
    """`17 to 23 Nov`"""
    if since == until:
        return day(until)
    if since.year != until.year:
        return f"{day(since, 'year')} to {day(until, 'year')}"
    same = since.month == until.month
    return f"{since.day if same else day(since)} to {day(until)}"


def window_of(figure: Figure) -> str:
    """The days that count."""
    return f"until {day(figure.until)}" if figure.kpi.window_days is None else days(figure.since, figure.until)


def shown(figure: Figure, part: Part, href: str, whose: str = "") -> Shown:
    kpi = figure.kpi
    at = aim(kpi)
    return Shown(
        kpi.title,
        written(kpi, part, figure.note),
        href,
        window_of(figure),
        target(kpi),
        None if at is None else 100 * at,
        whose,
    )


def quartiles(values: Sequence[float]) -> tuple[float, float, float, float, float]:
    """The least, the quartiles and the most, by linear interpolation."""
    ordered = sorted(values)

    def at(share_of_all: float) -> float:
        place = share_of_all * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return ordered[0], at(0.25), at(0.5), at(0.75), ordered[-1]


def wilson(count: int, of: int, z: float = 1.6449) -> tuple[float, float]:
    """The interval of 90 % in which a share lies (Wilson 1927)."""
    share_of_all, square = count / of, z * z
    middle = (share_of_all + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * (share_of_all * (1 - share_of_all) / of + square / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
