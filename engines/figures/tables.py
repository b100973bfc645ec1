"""Which occurrences follow from a set of events? Order and repetition of the events do not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
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

    def key(self, columns: Iterable[str]) -> Key:
        return tuple(map(self.columns.get, columns))


def tables_of(names: Iterable[str], events: Iterable[Event]) -> dict[str, list[Occurrence]]:
    """The occurrences of these kinds, and of those that they refer to, each in the order of time."""
    by_subject: defaultdict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        by_subject[event.subject][event.event_id] = event
    wanted = related(names)
    tables = {name: _occurrences(KINDS[name], by_subject) for name in wanted}
    for name in sorted(wanted):
        _look_up(KINDS[name], tables[name], tables)
        _end(KINDS[name], tables[name], tables)
    return tables


def _occurrences(kind: Kind, by_subject: Mapping[str, Mapping[str, Event]]) -> list[Occurrence]:
    events = [event for subject in kind.subjects for event in by_subject.get(subject, {}).values()]
    found = [each for event in _current(kind, events) for each in _stated(kind, event)]
    found.sort(key=_order)
    earliest: dict[Key, Occurrence] = {}
    for each in found:
        earliest.setdefault(each.key(kind.identity), each)
    return list(earliest.values())


def _order(occurrence: Occurrence) -> tuple[date, datetime, str]:
    return occurrence.on, occurrence.at, occurrence.event_id


def _current(kind: Kind, events: list[Event]) -> Iterable[Event]:
    """All events; of those that carry a state, the one with its highest version."""
    if not kind.state:
        return events
    latest: dict[Key, Event] = {}
    for event in events:
        key = tuple(map(event.body.get, kind.state))
        if key not in latest or _version(event) > _version(latest[key]):
            latest[key] = event
    return latest.values()


def _version(event: Event) -> tuple[int, str]:
    return event.body.get("version", 0), event.event_id


def _stated(kind: Kind, event: Event) -> Iterator[Occurrence]:
    for body in _elements(event.body, kind.each.split(".") if kind.each else []):
        if _is_of(kind, body):
            on = date.fromisoformat(body[kind.on]) if kind.on else event.day
            columns = {column: body.get(name) for column, name in kind.columns.items()}
            yield Occurrence(on, event.at, event.event_id, event.subject, columns, None if kind.ends else on)


def _is_of(kind: Kind, body: dict[str, Any]) -> bool:
    if any(body.get(name) in values for name, values in kind.unless.items()):
        return False
    return all(body.get(name) in values for name, values in kind.where.items())


def _elements(body: dict[str, Any], path: list[str]) -> Iterator[dict[str, Any]]:
    """The body once for each element of the list at a path, with the element's fields."""
    if not path:
        yield body
        return
    for element in body.get(path[0]) or ():
        yield from _elements({**body, **(element if isinstance(element, dict) else {path[0]: element})}, path[1:])


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
