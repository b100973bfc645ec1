"""What does a key figure mean, in words?"""

from __future__ import annotations

from engines.figures.computing import Part
from engines.figures.occurrences import KINDS
from engines.figures.pack import Kpi

UNITS = {"age_in_hours": "hours", "times_before": "touches"}


def value_of(kpi: Kpi, value: float | None) -> str:
    """A value with its unit."""
    if value is None:
        return "none yet"
    match kpi.figure:
        case "ratio":
            return f"{100 * value:.1f} %"
        case "median":
            return f"{value:,.1f} {unit_of(kpi)}"
        case "count":
            return f"{value:,.0f}"
        case "rate":
            return f"{value:,.2f} {unit_of(kpi)}"


def unit_of(kpi: Kpi) -> str:
    return "a day" if kpi.figure == "rate" else UNITS.get(kpi.measure or "", "days")


def target_of(kpi: Kpi) -> str:
    """The target; empty if there is none."""
    if not kpi.target:
        return ""
    bounds = (("at least", kpi.target.at_least), ("at most", kpi.target.at_most))
    return " and ".join(f"{word} {_bound(kpi, bound)}" for word, bound in bounds if bound is not None)


def _bound(kpi: Kpi, bound: float) -> str:
    return f"{100 * bound:g} %" if kpi.figure == "ratio" else f"{bound:g} {unit_of(kpi)}"


def counts_of(kpi: Kpi, part: Part) -> str:
    """Numerator and denominator."""
    return f"{part.numerator} of {part.denominator}" if kpi.figure != "count" else f"{part.numerator}"


def definition(kpi: Kpi) -> str:
    """The figure as a sentence, and its usual window."""
    window = "" if kpi.window_days is None else f" The last {kpi.window_days} days count."
    return meaning(kpi) + window


def meaning(kpi: Kpi) -> str:
    """The figure as a sentence, whatever days count."""
    of, reached = KINDS[kpi.of].title, KINDS[kpi.reached].title if kpi.reached else ""
    counted = of + "".join(f", {column} {' or '.join(values)}" for column, values in kpi.where.items())
    joined = f"joined by {' and '.join(kpi.by)}" if kpi.by else ""
    match kpi.figure, kpi.measure:
        case "ratio", _:
            text = f"Of the {counted}: the share followed by {reached}{_within(kpi)}, {joined}"
        case "count", _:
            text = f"The number of {counted}"
        case "rate", _:
            days = f"the mean of their days since {(kpi.from_day or '').replace('_', ' ')}"
            text = f"The sum of {kpi.column} of the {counted}, by {days}; those without {kpi.column} do not count"
        case _, "days_until":
            text = f"The median of days from {counted} to the first of {reached}, {joined}; others do not count"
        case _, "age_in_hours":
            text = f"The median of hours from {counted} to {reached}, or until now, {joined}"
        case _, "days_since":
            text = f"The median of days since the last of {reached} for {counted}, {joined}"
        case _, "times_before":
            text = f"The median number of {reached} before {counted}, {joined}"
        case _:
            text = f"The median of {kpi.column} of the {counted}"
    return f"{text}{f', for each {kpi.over}' if kpi.over else ''}."


def _within(kpi: Kpi) -> str:
    if kpi.within_days is None:
        return ""
    return f" within {kpi.within_days} days" if kpi.within_days else " on the same day"
