"""Which key figures does a pack define? Rows of `kpis.yaml`, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from engines import packs
from engines.figures.occurrences import KINDS, Kind
from engines.packs.files import Fault, suggestion

FILE = "kpis.yaml"

Figure = Literal["ratio", "median", "count", "rate"]
Measure = Literal["days_until", "age_in_hours", "days_since", "times_before"]


@dataclass(frozen=True, slots=True)
class Target:
    """The value to reach: at least or at most so much, as a share of 1 for a ratio."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        enough = self.at_least is None or value >= self.at_least
        return enough and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    name: str
    title: str
    source: str
    """The requirement that asks for it."""
    group: str
    """Figures that are listed together."""
    figure: Figure
    of: str
    """The occurrences of the denominator, or those that are counted or measured."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns of these occurrences with the values that count."""
    reached: str | None = None
    """The occurrences of the numerator. One counts for each occurrence of the denominator that it follows."""
    by: tuple[str, ...] = ()
    """The columns that join them."""
    within_days: int | None = None
    """How long an occurrence of the numerator may take; 0 is the same day."""
    excused: str | None = None
    """Occurrences that take one out of the denominator, if they follow it in time."""
    measure: Measure | None = None
    """What a median is of, if not of a column."""
    column: str | None = None
    """The column of numbers that a median is of, or that a rate adds up."""
    from_day: str | None = None
    """The column with the day from which a rate counts days: its value is the sum by the mean of these days."""
    window_days: int | None = 90
    """Only occurrences of the last days count; all if it is empty."""
    target: Target | None = None
    over: str | None = None
    """The column whose values the figure is listed for."""
    split: tuple[str, ...] = ()
    """The columns that it can be split by."""

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(name for name in (self.of, self.reached, self.excused) if name)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*([self.over] if self.over else []), *self.split]))


@dataclass(frozen=True, slots=True)
class Kpis:
    """The key figures of a pack, in the order in which they are listed."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    kpis: tuple[Kpi, ...]


SECTIONS: dict[str, Any] = {"kpis": Kpis}


def kpis_in(folder: Path) -> tuple[Kpi, ...]:
    """The key figures of the pack in a folder; raises `PackInvalid`, also if one cannot be computed."""
    section = packs.section_of(folder, "kpis", Kpis)
    if found := list(faults(section)):
        raise packs.invalid(folder, *found)
    return section.kpis


def faults(section: Kpis) -> Iterator[Fault]:
    """Rows that cannot be computed."""
    names = [kpi.name for kpi in section.kpis]
    for at, kpi in enumerate(section.kpis):
        if kpi.name in names[:at]:
            yield Fault(FILE, f"kpis.{at}.name", f"{kpi.name} appears twice", "rename one of them")
        named = {"of": kpi.of, "reached": kpi.reached, "excused": kpi.excused}
        unknown = [(key, name) for key, name in named.items() if name and name not in KINDS]
        for key, name in unknown:
            yield Fault(FILE, f"kpis.{at}.{key}", f"there are no occurrences {name}", suggestion(name, KINDS))
        if not unknown:
            yield from _columns(kpi, at)
            yield from _shape(kpi, at)


def _columns(kpi: Kpi, at: int) -> Iterator[Fault]:
    counted = columns_of(KINDS[kpi.of])
    named = [("where", name) for name in kpi.where] + [("split", name) for name in kpi.split]
    named += [
        (key, name) for key, name in (("over", kpi.over), ("column", kpi.column), ("from_day", kpi.from_day)) if name
    ]
    for key, name in [*named, *(("by", name) for name in kpi.by)]:
        if name not in counted:
            yield Fault(FILE, f"kpis.{at}.{key}", f"{kpi.of} has no column {name}", suggestion(name, counted))
    for other in kpi.kinds[1:]:
        for name in kpi.by:
            if name not in (joined := columns_of(KINDS[other])):
                yield Fault(FILE, f"kpis.{at}.by", f"{other} has no column {name}", suggestion(name, joined))


def _shape(kpi: Kpi, at: int) -> Iterator[Fault]:
    """Keys that a figure of this kind needs, or does not have."""
    needs = kpi.figure == "ratio" or kpi.measure is not None
    if needs and not (kpi.reached and kpi.by):
        yield Fault(
            FILE, f"kpis.{at}", f"{kpi.name} needs `reached` and `by`", "name what it leads to, and what joins them"
        )
    if kpi.figure == "median" and (kpi.measure is None) == (kpi.column is None):
        yield Fault(FILE, f"kpis.{at}", f"{kpi.name} needs `measure` or `column`", "name one of them")
    if kpi.figure not in ("median", "rate") and (kpi.measure or kpi.column):
        yield Fault(FILE, f"kpis.{at}", f"{kpi.name} is not a median", "remove `measure` and `column`")
    if (kpi.figure == "rate") != (kpi.from_day is not None) or (kpi.figure == "rate" and not kpi.column):
        problem = f"{kpi.name} needs `column` and `from_day`, and only a rate has `from_day`"
        yield Fault(FILE, f"kpis.{at}", problem, "name what is added up, and the day from which days count")


def columns_of(kind: Kind) -> list[str]:
    return [*kind.columns, *kind.lookups]
