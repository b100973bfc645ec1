"""What do the sums of a file state, whose rows are the answers to questions?

The file is read entirely before the first sum is known, because the rows of a facility may be anywhere in it. Only the
answers to one question are in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from engines.datasets.facts import Headings, day, fact_columns
from engines.datasets.files import SumRule
from engines.datasets.headings import letters
from engines.datasets.key_columns import KeyColumns, key_columns
from engines.datasets.reading import Note, Row, Table, Unread
from engines.datasets.rows import BEGINS
from engines.datasets.text import quoted

_QUARTER = re.compile(r"Q([1-4])[ -]?(\d{4})|(\d{4})[ -]?Q([1-4])", re.IGNORECASE)
_MOST = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file to be summed up."""

    rule: SumRule
    keys: KeyColumns
    question: int
    answer: int
    value: int
    as_of: int


@dataclass(slots=True)
class _Answers:
    """The answers of a facility in a period."""

    line: int
    values: dict[str, Decimal] = field(default_factory=dict)
    unknown: str | None = None
    """Why there is no sum."""


def recognized(headings: Headings, header: Sequence[str]) -> Columns | None:
    """The columns of a file that the pack has summed up; None for any other file."""
    places = {letters(title): place for place, title in reversed(list(enumerate(header)))}

    def at(titles: Iterable[str]) -> int | None:
        return next((places[letters(title)] for title in titles if letters(title) in places), None)

    keys = key_columns(headings, header)
    for rule in headings.sums if keys else ():
        found = [at(titles) for titles in (rule.question, rule.answer, rule.value, rule.as_of)]
        stated = [place for place in found if place is not None]
        if keys and len(stated) == len(found):
            return Columns(rule, keys, *stated)
    return None


def derived(headings: Headings, table: Table) -> Sums | None:
    """The sums of a table; None if it is not to be summed up."""
    columns = recognized(headings, table.header)
    return Sums(columns, headings, table) if columns else None


class Sums:
    """Rows of a file of facts: for each facility and period, the sum over the answers to the question."""

    def __init__(self, columns: Columns, headings: Headings, table: Table) -> None:
        self._columns, self._table = columns, table
        self.header = list(fact_columns(headings))

    def __iter__(self) -> Iterator[Row | Unread]:
        found: dict[tuple[str, date], _Answers] = {}
        for row in self._table.rows:
            if isinstance(row, Unread):
                yield row
            elif problem := self._add(row, found):
                yield Unread(row.line, row.last, problem, row.cells[0][:BEGINS])
        notes = self._table.file.findings.warnings
        for (facility_id, period), answers in sorted(found.items(), key=lambda each: each[1].line):
            if answers.unknown:
                notes.append(Note(answers.line, f"{facility_id}, {period}: no sum, because {answers.unknown}"))
            else:
                total = sum(answers.values.values(), Decimal(0))
                yield Row(
                    answers.line, answers.line, [facility_id, self._columns.rule.field, f"{total:f}", str(period)]
                )

    def _add(self, row: Row, found: dict[tuple[str, date], _Answers]) -> str | None:
        """Add a row if it is an answer to the question; returns the problem with a row that cannot be read."""
        columns = self._columns
        if not _answers(row.cells[columns.question], columns.rule.takes):
            return None
        try:
            key = columns.keys.of(row.cells), period(row.cells[columns.as_of])
        except ValueError as error:
            return str(error)
        answers = found.setdefault(key, _Answers(row.line))
        answer, written = letters(row.cells[columns.answer]), row.cells[columns.value].strip()
        try:
            value = _count(written)
        except ValueError as error:
            answers.unknown = answers.unknown or f"of line {row.line}: {error}"
            return None
        if answers.values.setdefault(answer, value) != value:
            answers.unknown = answers.unknown or f"line {row.line} states another number for the same answer"
        return None


def _answers(question: str, takes: str) -> bool:
    text = question.strip().casefold()
    wanted = takes.casefold()
    return text.startswith(wanted) and not text[len(wanted) : len(wanted) + 1].isalnum()


def _count(written: str) -> Decimal:
    """A number that is not negative; raises `ValueError`, because what is left out would make a sum too small."""
    try:
        value = Decimal(written.replace(",", ""))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise ValueError(f"{quoted(written)} is not a number" if written else "a number is missing, or was suppressed")
    return value


def period(text: str) -> date:
    """The last day of a quarter (`Q3 2026`, `2026Q3`), or a day; raises `ValueError`."""
    quarter = _QUARTER.fullmatch(text.strip())
    if not quarter:
        return day(text)
    number, year = int(quarter[1] or quarter[4]), int(quarter[2] or quarter[3])
    following = date(year, 3 * number + 1, 1) if number < 4 else date(year + 1, 1, 1)
    return following - timedelta(days=1)
