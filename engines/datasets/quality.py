"""What does a file about the quality of facilities state, row by row?

A file is recognized by its headings. A file of events has a dated row for each (a fine, a citation); any other file
states values on the file's day. An absent column states nothing, nor does an empty cell without a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engines.datasets.facts import EventRule, FieldRule, Headings, Statement, day, fact_columns, read_fact, read_facts
from engines.datasets.headings import letters
from engines.datasets.key_columns import KeyColumns, key_columns
from engines.datasets.registry import Reject, UnknownLayout
from engines.datasets.states import state_of

_SORT = re.compile(r"([A-Z]*)0*(\d*)")


@dataclass(frozen=True, slots=True)
class EventColumns:
    """The columns of a file of events with the date and the kind of an event."""

    rule: EventRule
    on: int
    sort: int
    prefix: int | None


@dataclass(frozen=True, slots=True)
class Recognized:
    """The kind of a file, and its columns."""

    dataset: str
    width: int
    keys: KeyColumns
    state: int | None
    as_of: int | None
    facts: tuple[tuple[FieldRule, int, int | None], ...] = ()
    event: EventColumns | None = None
    stated: tuple[int, ...] | None = None
    """The columns of a file of facts, in which each row names its field."""

    @property
    def fields(self) -> list[str]:
        return [self.event.rule.field] if self.event else [rule.name for rule, _, _ in self.facts]

    @property
    def dated(self) -> bool:
        """Whether every row states its day."""
        return self.event is not None or self.as_of is not None or self.stated is not None


@dataclass(frozen=True, slots=True)
class Row:
    """The facts that a row states about a facility; `warnings` are about cells that could not be read."""

    line: int
    facility_id: str
    state: str | None
    facts: tuple[Statement, ...]
    warnings: tuple[str, ...] = ()


def recognize(headings: Headings, header: Sequence[str]) -> Recognized:
    """Recognize a file by its header; raises `UnknownLayout` with what the file lacks, or what to do instead."""
    places = {letters(title): place for place, title in reversed(list(enumerate(header)))}

    def at(titles: Iterable[str]) -> int | None:
        return next((places[letters(title)] for title in titles if letters(title) in places), None)

    columns = [at([name]) for name in fact_columns(headings)]
    keys = key_columns(headings, header)
    if keys is None:
        titles = " or ".join(headings.identity["facility_id"] or headings.identity["name"])
        raise UnknownLayout(f"not a file about facilities: it has no column {titles}")
    state, as_of = at(headings.identity.get("state", ())), at(headings.identity.get("as_of", ()))
    if None not in columns:
        return Recognized("facts", len(header), keys, state, None, stated=tuple(place or 0 for place in columns))
    for known in headings.unusable:
        if all(at([title]) is not None for title in known.headings):
            raise UnknownLayout(f"{known.title}. {known.instead}")
    for rule in headings.events:
        on, sort = at(rule.date), at(rule.sort)
        if on is not None and sort is not None:
            found = EventColumns(rule, on, sort, at(rule.prefix))
            return Recognized(rule.dataset, len(header), keys, state, None, event=found)
    facts = tuple(
        (rule, place, at(rule.footnotes)) for rule in headings.facts if (place := at(rule.headings)) is not None
    )
    return Recognized("assessments", len(header), keys, state, as_of, facts=facts)


def must_state(found: Recognized, headings: Headings) -> Recognized:
    """Returns a file that states anything about quality; raises `UnknownLayout` with the known files for another."""
    if found.stated is None and not found.fields:
        events = "; ".join(f"{rule.title} ({rule.date[0]}, {rule.sort[0]})" for rule in headings.events)
        known = ", ".join(rule.headings[0] for rule in headings.facts if rule.headings)
        raise UnknownLayout(
            f"not a known quality file. Known are {events}; rows of {', '.join(fact_columns(headings))};"
            f" and files with any of the columns {known}"
        )
    return found


def read(
    found: Recognized, headings: Headings, lines: Iterable[tuple[int, Sequence[str]]], otherwise: date | None
) -> Iterator[Row | Reject]:
    """Read rows in their order; `otherwise` is the day of rows that do not state theirs."""
    for line, cells in lines:
        if any(map(str.strip, cells)):
            yield _row(found, headings, line, cells, otherwise)


def _row(
    found: Recognized, headings: Headings, line: int, cells: Sequence[str], otherwise: date | None
) -> Row | Reject:
    if len(cells) != found.width:
        return Reject(line, f"{len(cells)} cells where the header has {found.width}")
    try:
        facility_id = found.keys.of(cells)
    except ValueError as error:
        return Reject(line, str(error))
    state = state_of(cells[found.state]) if found.state is not None else None
    try:
        facts, warnings = _statements(found, headings, cells, facility_id, otherwise)
    except ValueError as error:
        return Reject(line, str(error), facility_id)
    return Row(line, facility_id, state, tuple(facts), tuple(warnings))


def _statements(
    found: Recognized, headings: Headings, cells: Sequence[str], facility_id: str, otherwise: date | None
) -> tuple[list[Statement], list[str]]:
    if found.stated:
        stated = (cells[at] for at in found.stated)
        return [read_fact(headings, dict(zip(fact_columns(headings), stated, strict=True)))], []
    if found.event:
        return list(_events(found.event, cells, facility_id)), []
    written = cells[found.as_of].strip() if found.as_of is not None else ""
    as_of = day(written) if written else otherwise
    if as_of is None:
        raise ValueError("the day of the row is not stated")
    return read_facts(found.facts, cells, facility_id, as_of)


def _events(event: EventColumns, cells: Sequence[str], facility_id: str) -> Iterator[Statement]:
    """Each event is a fact of its own day, so files of different dates and in any order give the same facts."""
    sort = (cells[event.prefix] if event.prefix is not None else "") + cells[event.sort]
    if normal(sort) in event.rule.normal:
        on = day(cells[event.on])
        yield Statement(facility_id, event.rule.field, on.isoformat(), on)


def normal(sort: str) -> str:
    """The normal spelling of a tag or word: `F-0641`, `f0641` and `F641` become F641; a number alone gets an F."""
    folded = letters(sort).upper()
    found = _SORT.fullmatch(folded)
    if not found or not found[2]:
        return folded
    return f"{found[1] or 'F'}{found[2]}"
