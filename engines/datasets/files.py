"""Which files state facts otherwise than a column for each?

A file is recognized by headings. A rule of the pack states which rows count, and what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engines.datasets.headings import normal


@dataclass(frozen=True, slots=True)
class EventRule:
    """A file with a row for each event. The latest event whose `sort` is one of `takes` becomes a fact."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    dataset: str
    title: str
    date: tuple[str, ...]
    sort: tuple[str, ...]
    takes: tuple[str, ...]
    field: str
    prefix: tuple[str, ...] = ()
    within_days: int = 0
    """If it is not 0, only events count that are at most so many days older than the file; others say nothing new."""

    @property
    def normal(self) -> tuple[str, ...]:
        return tuple(map(normal, self.takes))

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """A file with a row for each measure: its code in a column of codes, its value in another one."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    KIND: ClassVar[str] = "measures"
    dataset: str
    title: str
    code: tuple[str, ...]
    value: tuple[str, ...]
    takes: Mapping[str, str]
    """The field that a measure states, by its code."""
    footnotes: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.takes.values())


@dataclass(frozen=True, slots=True)
class ShareRule:
    """A file with a count and the total that it is part of, whose quotient is a fact."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    KIND: ClassVar[str] = "shares"
    dataset: str
    title: str
    part: tuple[str, ...]
    whole: tuple[str, ...]
    as_of: tuple[str, ...]
    field: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True, slots=True)
class SumRule:
    """A file with a row for each answer to each question. The sum over the answers to one of them is a fact."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    KIND: ClassVar[str] = "sums"
    dataset: str
    title: str
    question: tuple[str, ...]
    takes: str
    """What the text of the question begins with."""
    answer: tuple[str, ...]
    value: tuple[str, ...]
    as_of: tuple[str, ...]
    """The day or the quarter of a row: `2026-09-30`, `Q3 2026`."""
    field: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True, slots=True)
class UnusableRule:
    """A recognized file that cannot be imported as it is: the headings that identify it, and what to do instead."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  read by pydantic, not a field

    title: str
    headings: tuple[str, ...]
    instead: str
