"""Which occurrences follow from events? Their order and repetition do not matter."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from engines.figures.occurrences import KINDS, Kind, related

Key = tuple[Any, ...]
Tables = Mapping[str, list["Occurrence"]]
Columns = tuple[str, ...]
Index = dict[Key, list["Occurrence"]]
Keys = dict[Key, None]
"""In the order of their events, which makes sorting fast."""
MANY = 10
"""If more than one of so many occurrences changed, all are put in order again."""


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
    number: int = 0
    """Its place among those that the event states."""

    def key(self, columns: Sequence[str]) -> Key:
        return tuple([self.columns.get(name) for name in columns])


_PUBLISHED, _HAPPENED = attrgetter("event_id"), attrgetter("on", "at", "event_id", "number")


def tables_of(names: Iterable[str], events: Iterable[Event]) -> Tables:
    """The occurrences of these kinds, and of those that they refer to, each in the order of time."""
    return Occurrences(names).add(events)


class Occurrences:
    """The occurrences of these kinds, and of those that they refer to, as more and more events are known.

    What an event costs depends on the occurrences that follow from it and those that refer to them, not on all.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(related(names))
        self._known: set[str] = set()
        self._stated: dict[str, defaultdict[Key, list[Occurrence]]] = {each: defaultdict(list) for each in self._names}
        self._standing: dict[str, dict[Key, Occurrence]] = {each: {} for each in self._names}
        self._indexes: dict[str, dict[Columns, Index]] = {each: {} for each in self._names}
        for name in self._names:
            for other, by in KINDS[name].joins:
                self._indexes[name][by], self._indexes[other][by] = defaultdict(list), defaultdict(list)
        self.tables: Tables = {each: [] for each in self._names}
        """Each kind in the order of time. These lists do not change: events that are added lead to others."""

    def add(self, events: Iterable[Event]) -> Tables:
        """Add events, except those that are known."""
        by_subject: defaultdict[str, list[Event]] = defaultdict(list)
        for event in events:
            if event.event_id not in self._known:
                self._known.add(event.event_id)
                by_subject[event.subject].append(event)
        touched = {name: self._state(name, by_subject) for name in self._names}
        changed = {name: self._stand(name, touched) for name in self._names}
        self.tables = {name: self._table(name, changed) for name in self._names}
        return self.tables

    def _state(self, name: str, by_subject: Mapping[str, Sequence[Event]]) -> Keys:
        """Keep what events state, repeated and undone occurrences, too; returns the identities."""
        kind, stated = KINDS[name], self._stated[name]
        found = [(each.key(kind.identity), each) for each in _stated(kind, by_subject)]
        for key, each in found:
            stated[key].append(each)
        return dict.fromkeys(key for key, _ in found)

    def _stand(self, name: str, touched: Mapping[str, Keys]) -> list[Occurrence]:
        """Decide anew which occurrences of these identities count; returns those that do now, or did before."""
        kind, standing, stated = KINDS[name], self._standing[name], self._stated[name]
        others, changed = [self._stated[other] for other in kind.undone_by], list[Occurrence]()
        keys = dict(touched[name])
        for other in kind.undone_by:
            keys |= touched[other]
        for key in keys:
            undoing = [each for other in others for each in other.get(key, ())] if others else ()
            before, now = standing.get(key), _standing(stated.get(key, ()), undoing)
            if now is before:
                continue
            if now:
                standing[key] = now
                changed.append(now)
            if before:
                changed.append(before)
                if not now:
                    del standing[key]
            self._index(name, before, now)
        return changed

    def _index(self, name: str, before: Occurrence | None, now: Occurrence | None) -> None:
        for by, index in self._indexes[name].items():
            if before and (key := before.key(by)) in index:
                index[key] = [each for each in index[key] if each is not before]
            if now and None not in (key := now.key(by)):
                insort(index[key], now, key=_HAPPENED)

    def _table(self, name: str, changed: Mapping[str, Sequence[Occurrence]]) -> list[Occurrence]:
        """The occurrences of a kind, anew where they or what they refer to changed."""
        kind, standing, table = KINDS[name], self._standing[name], self.tables[name]
        if len(changed[name]) > len(table) // MANY:
            every = [self._completed(kind, each) for each in standing.values()] if kind.joins else standing.values()
            return sorted(every, key=_HAPPENED)
        stale = {_HAPPENED(each): each for each in changed[name]}
        for other, by in kind.joins:
            for key in {each.key(by) for each in changed[other]}:
                stale |= {_HAPPENED(own): own for own in self._indexes[name][by].get(key, ())}
        table = [*table] if stale else table
        for at, each in stale.items():
            place = bisect_left(table, at, key=_HAPPENED)
            present = place < len(table) and _HAPPENED(table[place]) == at
            stands = standing.get(each.key(kind.identity)) is each
            table[place : place + present] = [self._completed(kind, each)] if stands else []
        return table

    def _completed(self, kind: Kind, each: Occurrence) -> Occurrence:
        """With the columns of others, and the day of the first one that ends it."""
        columns, ends_on = dict(each.columns), each.ends_on
        for column, (other, by) in kind.lookups.items():
            columns[column] = _as_of(self._indexes[other][by,].get(each.key((by,)), ()), each.on, column)
        if kind.ends:
            other, columns_of = kind.ends
            ends_on = next(
                (ending.on for ending in self._indexes[other][columns_of].get(each.key(columns_of), ())), None
            )
        return Occurrence(each.on, each.at, each.event_id, each.subject, columns, ends_on, each.number)


def _stated(kind: Kind, by_subject: Mapping[str, Sequence[Event]]) -> list[Occurrence]:
    events = [event for subject in kind.subjects for event in by_subject.get(subject, ())]
    return [
        _occurrence(kind, event, body, number)
        for event in events
        for number, body in enumerate(_elements(kind, event.body))
        if _is_of(kind, body)
    ]


def _occurrence(kind: Kind, event: Event, body: dict[str, Any], number: int) -> Occurrence:
    on = date.fromisoformat(body[kind.on]) if kind.on else event.day
    columns = {column: body.get(name) for column, name in kind.columns.items()}
    return Occurrence(on, event.at, event.event_id, event.subject, columns, None if kind.ends else on, number)


def _elements(kind: Kind, body: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The body; or one for each element of its list, whose name is that of an element with an `s`."""
    if kind.each not in body:
        return (body,)
    return [{**body, kind.each.removesuffix("s"): element} for element in body[kind.each]]


def _standing(stated: Sequence[Occurrence], undoing: Sequence[Occurrence]) -> Occurrence | None:
    """Of the occurrences with one identity, the one that no later one undid; the first one, if there are several."""
    if not undoing:
        return stated[0] if len(stated) == 1 else min(stated, key=_PUBLISHED, default=None)
    undone_by, standing = {each.event_id for each in undoing}, None
    for each in sorted([*stated, *undoing], key=_PUBLISHED):
        if each.event_id in undone_by:
            standing = None
        elif standing is None:
            standing = each
    return standing


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


def _as_of(occurrences: Iterable[Occurrence], on: date, column: str) -> Any:
    value = None
    for number, each in enumerate(occurrences):
        if number and each.on > on:
            break
        value = each.columns.get(column)
    return value
