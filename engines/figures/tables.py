"""Which occurrences follow from a set of events? Order and repetition of the events do not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from engines.figures.occurrences import KINDS, Kind, related

Key = tuple[Any, ...]
Tables = Mapping[str, list["Occurrence"]]


class Event(NamedTuple):
    """A published event: its id, when it was published (an instant and a local day), and its body from JSON."""

    event_id: str
    subject: str
    at: datetime
    day: date
    body: dict[str, Any]


@dataclass(slots=True)
class Occurrence:
    """What happened on a day, with the event that states it."""

    on: date
    at: datetime
    event_id: str
    subject: str
    columns: dict[str, Any]
    ends_on: date | None = None
    """The last day on which it is so; None while it lasts."""

    def key(self, columns: Sequence[str]) -> Key:
        return tuple([self.columns.get(name) for name in columns])


_PUBLISHED, _HAPPENED = attrgetter("event_id"), attrgetter("on", "at", "event_id")


def tables_of(names: Iterable[str], events: Iterable[Event]) -> dict[str, list[Occurrence]]:
    """The occurrences of these kinds, and of those that they refer to, each in the order of time."""
    by_subject: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        by_subject[event.subject][event.event_id] = event
    wanted = sorted(related(names))
    stated = {name: _stated(KINDS[name], by_subject) for name in wanted}
    tables = {name: _standing(KINDS[name], stated[name], stated) for name in wanted}
    for name in wanted:
        _look_up(KINDS[name], tables[name], tables)
        _end(KINDS[name], tables[name], tables)
    return tables


def _stated(kind: Kind, by_subject: Mapping[str, Mapping[str, Event]]) -> list[Occurrence]:
    """All occurrences of a kind, repeated and undone ones, too."""
    events = [event for subject in kind.subjects for event in by_subject.get(subject, {}).values()]
    return [
        _occurrence(kind, event, body) for event in events for body in _elements(kind, event.body) if _is_of(kind, body)
    ]


def _occurrence(kind: Kind, event: Event, body: dict[str, Any]) -> Occurrence:
    on = date.fromisoformat(body[kind.on]) if kind.on else event.day
    columns = {column: body.get(name) for column, name in kind.columns.items()}
    return Occurrence(on, event.at, event.event_id, event.subject, columns, None if kind.ends else on)


def _elements(kind: Kind, body: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The body; or one for each element of its list, whose name is that of an element with an `s`."""
    if kind.each not in body:
        return (body,)
    return [{**body, kind.each.removesuffix("s"): element} for element in body[kind.each]]


def _standing(kind: Kind, stated: Sequence[Occurrence], others: Tables) -> list[Occurrence]:
    """Those that no later one undid, each once, in the order of their days."""
    undoing = [each for name in kind.undone_by for each in others[name]]
    undone_by = {each.event_id for each in undoing}
    standing: dict[Key, Occurrence] = {}
    for each in sorted([*stated, *undoing], key=_PUBLISHED):
        if each.event_id in undone_by:
            standing.pop(each.key(kind.identity), None)
        else:
            standing.setdefault(each.key(kind.identity), each)
    return sorted(standing.values(), key=_HAPPENED)


def _is_of(kind: Kind, body: dict[str, Any]) -> bool:
    for name, values in kind.unless.items():
        if body.get(name) in values:
            return False
    return all(body.get(name) in values for name, values in kind.where.items()) if kind.where else True


def indexed(occurrences: Iterable[Occurrence], columns: tuple[str, ...]) -> dict[Key, list[Occurrence]]:
    """Occurrences by the values of columns; those without a value are left out."""
    index: defaultdict[Key, list[Occurrence]] = defaultdict(list)
    for each in occurrences:
        key = each.key(columns)
        if None not in key:
            index[key].append(each)
    return index


def _look_up(kind: Kind, occurrences: list[Occurrence], tables: Tables) -> None:
    for column, (other, by) in kind.lookups.items():
        index = indexed(tables[other], (by,))
        for each in occurrences:
            each.columns[column] = _as_of(index.get(each.key((by,)), ()), each.on, column)


def _as_of(occurrences: Iterable[Occurrence], on: date, column: str) -> Any:
    value = None
    for number, each in enumerate(occurrences):
        if number and each.on > on:
            break
        value = each.columns.get(column)
    return value


def _end(kind: Kind, occurrences: list[Occurrence], tables: Tables) -> None:
    if kind.ends:
        other, by = kind.ends
        index = indexed(tables[other], by)
        for each in occurrences:
            ending = next(iter(index.get(each.key(by), ())), None)
            each.ends_on = ending.on if ending else None
