"""What does a file about the quality of facilities state, row by row?

A file is recognized by its headings. A file of events has a dated row for each (a fine, a citation); any other file
states values on the file's day. An absent column states nothing, nor does an empty cell without a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engines.datasets import derived
from engines.datasets.facts import (
    FieldRule,
    Headings,
    Statement,
    day,
    fact_columns,
    read_fact,
    read_facts,
    share,
)
from engines.datasets.files import EventRule, MeasureRule, ShareRule
from engines.datasets.headings import letters, normal
from engines.datasets.key_columns import KeyColumns, key_columns
from engines.datasets.registry import Reject, UnknownLayout
from engines.datasets.states import state_of

_SINCE = re.compile(r"\s*since\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EventColumns:
    """The columns of a file of events with the date and the kind of an event."""

    rule: EventRule
    on: int
    sort: int
    prefix: int | None


@dataclass(frozen=True, slots=True)
class MeasureColumns:
    """The columns of a file of measures with the code, the value and its footnote."""

    rule: MeasureRule
    fields: Mapping[str, FieldRule]
    """By the code of the measure, in letters and digits."""
    code: int
    value: int
    footnote: int | None


@dataclass(frozen=True, slots=True)
class ShareColumns:
    """The columns of a file with a count and the total that it is part of."""

    rule: ShareRule
    field: FieldRule
    part: int
    whole: int


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
    measure: MeasureColumns | None = None
    share: ShareColumns | None = None
    stated: tuple[int, ...] | None = None
    """The columns of a file of facts, in which each row names its field."""

    @property
    def fields(self) -> list[str]:
        if found := self.event or self.measure or self.share:
            return list(dict.fromkeys(found.rule.fields))
        return [rule.name for rule, _, _ in self.facts]

    @property
    def dated(self) -> bool:
        """Whether every row states its day."""
        is_of_events = self.event is not None and not self.event.rule.within_days
        return is_of_events or self.as_of is not None or self.stated is not None


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

    for known in headings.unusable:
        if all(at([title]) is not None for title in known.headings):
            raise UnknownLayout(f"{known.title}. {known.instead}")
    columns = [at([name]) for name in fact_columns(headings)]
    keys = key_columns(headings, header)
    if keys is None:
        titles = " or ".join(headings.identity["facility_id"] or headings.identity["name"])
        raise UnknownLayout(f"not a file about facilities: it has no column {titles}")
    state, as_of = at(headings.identity.get("state", ())), at(headings.identity.get("as_of", ()))
    if None not in columns:
        return Recognized("facts", len(header), keys, state, None, stated=tuple(place or 0 for place in columns))
    if columns_of_sums := derived.recognized(headings, header):
        raise UnknownLayout(f"a {columns_of_sums.rule.title}, whose rows are summed up before they are sent")
    found = Recognized("", len(header), keys, state, as_of)
    for rule in headings.events:
        on, sort = at(rule.date), at(rule.sort)
        if on is not None and sort is not None:
            return replace(found, dataset=rule.dataset, event=EventColumns(rule, on, sort, at(rule.prefix)))
    for measured in headings.measures:
        code, value = at(measured.code), at(measured.value)
        if code is not None and value is not None:
            fields = {letters(each): _field(headings, name) for each, name in measured.takes.items()}
            columns_of = MeasureColumns(measured, fields, code, value, at(measured.footnotes))
            return replace(found, dataset=measured.dataset, measure=columns_of)
    for shared in headings.shares:
        part, whole, on = at(shared.part), at(shared.whole), at(shared.as_of)
        if part is not None and whole is not None and on is not None:
            columns_of_share = ShareColumns(shared, _field(headings, shared.field), part, whole)
            return replace(found, dataset=shared.dataset, as_of=on, share=columns_of_share)
    facts = tuple(
        (rule, place, at(rule.footnotes)) for rule in headings.facts if (place := at(rule.headings)) is not None
    )
    return replace(found, dataset="assessments", facts=facts)


def _field(headings: Headings, name: str) -> FieldRule:
    return next(rule for rule in headings.facts if rule.name == name)


def must_state(found: Recognized, headings: Headings) -> Recognized:
    """Returns a file that states anything about quality; raises `UnknownLayout` with the known files for another."""
    if found.stated is None and not found.fields:
        files = [(rule.title, rule.date[0], rule.sort[0]) for rule in headings.events]
        files += [(rule.title, rule.code[0], rule.value[0]) for rule in headings.measures]
        files += [(rule.title, rule.part[0], rule.whole[0]) for rule in headings.shares]
        files += [(rule.title, rule.question[0], rule.value[0]) for rule in headings.sums]
        titles = "; ".join(f"{title} ({', '.join(columns)})" for title, *columns in files)
        known = ", ".join(rule.headings[0] for rule in headings.facts if rule.headings)
        raise UnknownLayout(
            f"not a known quality file. Known are {titles}; rows of {', '.join(fact_columns(headings))};"
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
    if found.event and not found.event.rule.within_days:
        return list(_events(found.event, cells, facility_id)), []
    written = cells[found.as_of].strip() if found.as_of is not None else ""
    as_of = derived.period(written) if written else otherwise
    if as_of is None:
        raise ValueError("the day of the row is not stated")
    if found.event:
        return list(_recent(found.event, cells, facility_id, as_of)), []
    if found.measure:
        return _measured(found.measure, cells, facility_id, as_of)
    if found.share:
        columns = found.share
        text = share(columns.field, cells[columns.part], cells[columns.whole])
        return [Statement(facility_id, columns.field.name, text, as_of)] if text else [], []
    return read_facts(found.facts, cells, facility_id, as_of)


def _events(event: EventColumns, cells: Sequence[str], facility_id: str) -> Iterator[Statement]:
    """Each event is a fact of its own day, so files of different dates and in any order give the same facts."""
    sort = (cells[event.prefix] if event.prefix is not None else "") + cells[event.sort]
    if normal(sort) in event.rule.normal:
        on = day(_SINCE.sub("", cells[event.on], count=1))
        yield Statement(facility_id, event.rule.field, on.isoformat(), on)


def _recent(event: EventColumns, cells: Sequence[str], facility_id: str, as_of: date) -> Iterator[Statement]:
    """The event of a row unless it is too old for its file, or in its future; a row without a day states nothing."""
    if not any(map(str.isdigit, cells[event.on])):
        return
    for fact in _events(event, cells, facility_id):
        if timedelta() <= as_of - fact.as_of <= timedelta(days=event.rule.within_days):
            yield fact


def _measured(
    columns: MeasureColumns, cells: Sequence[str], facility_id: str, as_of: date
) -> tuple[list[Statement], list[str]]:
    rule = columns.fields.get(letters(cells[columns.code]))
    if rule is None:
        return [], []
    return read_facts([(rule, columns.value, columns.footnote)], cells, facility_id, as_of)
