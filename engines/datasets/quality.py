"""What does a file about the quality of facilities state, row by row?

A file is recognised by its headings: one with a date per row tells what happened (a fine, a citation), any other says
how things stood on the file's day. An absent column says nothing, and so does an empty cell without a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engines.datasets.facts import EventRule, FieldRule, Headings, Statement, assessed, day, fact_columns, read_fact
from engines.datasets.headings import letters
from engines.datasets.registry import Reject, UnknownLayout
from engines.datasets.states import state_of

_SORT = re.compile(r"([A-Z]*)0*(\d*)")


@dataclass(frozen=True, slots=True)
class Happening:
    """Where a file of events says when something happened, and what."""

    rule: EventRule
    on: int
    sort: int
    prefix: int | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which file this is, and which of its columns is what."""

    dataset: str
    width: int
    facility_id: int
    state: int | None
    as_of: int | None
    facts: tuple[tuple[FieldRule, int, int | None], ...] = ()
    event: Happening | None = None
    stated: tuple[int, ...] | None = None
    """The columns of a file whose rows name their field themselves."""

    @property
    def fields(self) -> list[str]:
        return [self.event.rule.field] if self.event else [rule.name for rule, _, _ in self.facts]

    @property
    def dated(self) -> bool:
        """Whether every row says of which day it speaks."""
        return self.event is not None or self.as_of is not None or self.stated is not None


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of a facility; `doubts` are cells that could not be taken."""

    line: int
    facility_id: str
    state: str | None
    facts: tuple[Statement, ...]
    doubts: tuple[str, ...] = ()


def recognise(headings: Headings, header: Sequence[str]) -> Recognised:
    """Raises `UnknownLayout`, which says what a file must have to be known, or what to do with one that is no use."""
    places = {letters(title): place for place, title in reversed(list(enumerate(header)))}

    def at(titles: Iterable[str]) -> int | None:
        return next((places[letters(title)] for title in titles if letters(title) in places), None)

    columns = [at([name]) for name in fact_columns(headings)]
    facility_id = at(headings.identity["facility_id"])
    if facility_id is None:
        titles = " or ".join(headings.identity["facility_id"])
        raise UnknownLayout(f"no file about facilities: it has no column {titles}")
    state, as_of = at(headings.identity.get("state", ())), at(headings.identity.get("as_of", ()))
    if None not in columns:
        return Recognised("facts", len(header), facility_id, state, None, stated=tuple(place or 0 for place in columns))
    for known in headings.unusable:
        if all(at([title]) is not None for title in known.headings):
            raise UnknownLayout(f"{known.title}. {known.instead}")
    for rule in headings.events:
        on, sort = at(rule.date), at(rule.sort)
        if on is not None and sort is not None:
            found = Happening(rule, on, sort, at(rule.prefix))
            return Recognised(rule.dataset, len(header), facility_id, state, None, event=found)
    facts = tuple(
        (rule, place, at(rule.footnotes)) for rule in headings.facts if (place := at(rule.headings)) is not None
    )
    return Recognised("assessments", len(header), facility_id, state, as_of, facts=facts)


def must_state(found: Recognised, headings: Headings) -> Recognised:
    """The same, if it says anything about quality; raises `UnknownLayout` naming what is understood."""
    if found.stated is None and not found.fields:
        events = "; ".join(f"{rule.title} ({rule.date[0]}, {rule.sort[0]})" for rule in headings.events)
        known = ", ".join(rule.headings[0] for rule in headings.facts if rule.headings)
        raise UnknownLayout(
            f"no quality file that is known. Understood are {events}; rows of {', '.join(fact_columns(headings))};"
            f" and files with any of the columns {known}"
        )
    return found


def read(
    found: Recognised, headings: Headings, lines: Iterable[tuple[int, Sequence[str]]], otherwise: date | None
) -> Iterator[Row | Reject]:
    """Rows as they stand; `otherwise` is the day of rows that do not name theirs."""
    for line, cells in lines:
        if any(map(str.strip, cells)):
            yield _row(found, headings, line, cells, otherwise)


def _row(
    found: Recognised, headings: Headings, line: int, cells: Sequence[str], otherwise: date | None
) -> Row | Reject:
    if len(cells) != found.width:
        return Reject(line, f"{len(cells)} cells where the header has {found.width}")
    facility_id = cells[found.facility_id].strip().upper()
    if not headings.key.matches(facility_id):
        return Reject(line, headings.key.problem(cells[found.facility_id]))
    state = state_of(cells[found.state]) if found.state is not None else None
    try:
        facts, doubts = _said(found, headings, cells, facility_id, otherwise)
    except ValueError as error:
        return Reject(line, str(error), facility_id)
    return Row(line, facility_id, state, tuple(facts), tuple(doubts))


def _said(
    found: Recognised, headings: Headings, cells: Sequence[str], facility_id: str, otherwise: date | None
) -> tuple[list[Statement], list[str]]:
    if found.stated:
        stated = (cells[at] for at in found.stated)
        return [read_fact(headings, dict(zip(fact_columns(headings), stated, strict=True)))], []
    if found.event:
        return list(_happened(found.event, cells, facility_id)), []
    written = cells[found.as_of].strip() if found.as_of is not None else ""
    as_of = day(written) if written else otherwise
    if as_of is None:
        raise ValueError("no day is named to which the row speaks")
    return assessed(found.facts, cells, facility_id, as_of)


def _happened(event: Happening, cells: Sequence[str], facility_id: str) -> Iterator[Statement]:
    """Each occurrence is a fact of its own day, so it is the same in files of any vintage and order."""
    sort = (cells[event.prefix] if event.prefix is not None else "") + cells[event.sort]
    if normal(sort) in event.rule.normal:
        on = day(cells[event.on])
        yield Statement(facility_id, event.rule.field, on.isoformat(), on)


def normal(sort: str) -> str:
    """One spelling of a tag or a word: `F-0641`, `f0641` and `F641` are F641; a number alone is an F-tag's."""
    folded = letters(sort).upper()
    found = _SORT.fullmatch(folded)
    if not found or not found[2]:
        return folded
    return f"{found[1] or 'F'}{found[2]}"
