"""What is the value of a key figure?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import fmean, median
from typing import Any, NamedTuple

from engines.figures.occurrences import KINDS, related
from engines.figures.pack import Kpi
from engines.figures.tables import Event, Occurrence, Tables, indexed, tables_of

NOTHING = "nothing to count yet"
NONE = "none"
"""The part without a value in the column that a figure is split by."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that count, and now."""

    today: date
    now: datetime
    since: date | None = None
    """Instead of the window of each figure."""
    until: date | None = None

    def of(self, kpi: Kpi) -> tuple[date, date]:
        last = self.until or self.today
        window = date.min if kpi.window_days is None else last - timedelta(kpi.window_days - 1)
        return self.since or window, last


class Case(NamedTuple):
    """An occurrence that counts, the first one of the numerator that follows it, and what is measured."""

    first: Occurrence
    then: Occurrence | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A figure, or its part for one value of a column."""

    value: float | None
    numerator: int
    """The occurrences that reached it, or those that are measured."""
    denominator: int
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of a key figure, and what it follows from."""

    kpi: Kpi
    whole: Part
    since: date
    until: date
    note: str | None = None
    """Why there is no value."""
    waiting: int = 0
    """Occurrences in the window that do not count yet, because they may still be followed in time."""
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    """By column, then by its values."""
    cases: tuple[Case, ...] = ()


def figures_of(kpis: Sequence[Kpi], events: Iterable[Event], published: Collection[str], span: Span) -> list[Figure]:
    """The figures, from all events on the subjects that they need; `published` are the subjects that exist."""
    tables = tables_of({name for kpi in kpis for name in kpi.kinds}, events)
    return [figure_of(kpi, tables, published, span) for kpi in kpis]


def figure_of(kpi: Kpi, tables: Tables, published: Collection[str], span: Span) -> Figure:
    """A figure, from the occurrences of all kinds that it needs."""
    since, until = span.of(kpi)
    if missing := _unpublished(kpi, published):
        return Figure(kpi, Part(None, 0, 0), since, until, f"not measured yet: needs {', '.join(missing)}")
    counted = [each for each in tables[kpi.of] if since <= each.on <= until and _counts(kpi, each)]
    over = [each for each in counted if kpi.within_days is None or each.on + timedelta(kpi.within_days) < span.today]
    cases = [_case(kpi, first, others, span) for first, others in _joined(kpi, over, tables)]
    return Figure(
        kpi,
        part_of(kpi, cases),
        since,
        until,
        None if cases else NOTHING,
        len(counted) - len(over),
        {column: _parts(kpi, cases, column) for column in kpi.dimensions},
        tuple(cases),
    )


def _unpublished(kpi: Kpi, published: Collection[str]) -> list[str]:
    """The subjects that do not exist yet, without which the figure would be wrong."""
    return sorted({subject for name in kpi.kinds for subject in KINDS[name].subjects}.difference(published))


def _counts(kpi: Kpi, each: Occurrence) -> bool:
    return all(any(str(one) in values for one in values_of(each, name)) for name, values in kpi.where.items())


def _joined(
    kpi: Kpi, counted: Sequence[Occurrence], tables: Tables
) -> Iterator[tuple[Occurrence, Sequence[Occurrence]]]:
    """Each occurrence that counts, with those of the numerator that have its key."""
    reached = indexed(tables[kpi.reached], kpi.by) if kpi.reached else {}
    excused = indexed(tables[kpi.excused], kpi.by) if kpi.excused else {}
    for each in counted:
        key = each.key(kpi.by)
        if not any(_follows(kpi, each, other) for other in excused.get(key, ())):
            yield each, reached.get(key, ())


def _case(kpi: Kpi, first: Occurrence, others: Sequence[Occurrence], span: Span) -> Case:
    if kpi.measure == "times_before":
        since = date.fromisoformat(first.columns.get("raised_on") or date.min.isoformat())
        before = [other for other in others if since <= other.on <= first.on]
        return Case(first, before[-1] if before else None, float(len(before)))
    if kpi.measure == "days_since":
        last = others[-1] if others else None
        return Case(first, last, float((span.today - last.on).days) if last else None)
    then = next((other for other in others if _follows(kpi, first, other)), None)
    return Case(first, then, _value(kpi, first, then, span))


def _follows(kpi: Kpi, first: Occurrence, other: Occurrence) -> bool:
    lasts = other.ends_on is None or other.ends_on >= first.on
    return lasts and (kpi.within_days is None or (other.on - first.on).days <= kpi.within_days)


def _value(kpi: Kpi, first: Occurrence, then: Occurrence | None, span: Span) -> float | None:
    if kpi.measure == "age_in_hours":
        return ((then.at if then else span.now) - first.at).total_seconds() / 3600
    if kpi.column:
        given = first.columns.get(kpi.column)
        return None if given is None else float(given)
    if then is None or kpi.measure is None:
        return None
    return float(max((then.on - first.on).days, 0))


def part_of(kpi: Kpi, cases: Sequence[Case]) -> Part:
    """The value of a figure, as if only these cases counted."""
    measured = [case.value for case in cases if case.value is not None]
    numerator, value = len(cases), float(len(cases)) if cases else None
    if kpi.figure == "ratio":
        numerator = sum(case.then is not None for case in cases)
        value = numerator / len(cases) if cases else None
    elif kpi.figure == "median":
        numerator, value = len(measured), median(measured) if measured else None
    elif kpi.figure == "rate":
        days = [_days(kpi, case.first) for case in cases if case.value is not None]
        numerator, value = len(measured), sum(measured) / fmean(days) if days else None
    met = kpi.target.is_met(value) if kpi.target and value is not None else None
    return Part(value, numerator, len(cases), met)


def _days(kpi: Kpi, each: Occurrence) -> int:
    """The days that an occurrence took, at least one."""
    begun = each.columns.get(kpi.from_day or "")
    return max((each.on - date.fromisoformat(begun)).days, 1) if begun else 1


def _parts(kpi: Kpi, cases: Iterable[Case], column: str) -> dict[str, Part]:
    """The figure for each value of a column; an occurrence with several values counts for each of them."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for value in values_of(case.first, column) or [NONE]:
            groups[str(value)].append(case)
    return {value: part_of(kpi, groups[value]) for value in sorted(groups)}


def values_of(each: Occurrence, column: str) -> list[Any]:
    """The values of a column; an occurrence may have several."""
    given = each.columns.get(column)
    return [] if given is None else list(given) if isinstance(given, list | tuple) else [given]


def subjects_needed(kpis: Iterable[Kpi], span: Span) -> dict[str, date]:
    """The subjects whose events the figures follow from, each with the first day that counts."""
    needed: dict[str, date] = {}
    for kpi in kpis:
        first, _ = span.of(kpi)
        for subject in {subject for name in related(kpi.kinds) for subject in KINDS[name].subjects}:
            needed[subject] = min(first, needed.get(subject, first))
    return needed
