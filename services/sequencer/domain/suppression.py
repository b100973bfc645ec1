"""Who must not be contacted, on which channels, and who stated it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.sequencer.domain.identity import suppression_id
from services.sequencer.domain.marks import place_marks, task_marks
from services.sequencer.domain.reach import Contact, People

Scope = Literal["person", "facility", "chain", "domain"]

ALL = "all"
CHANNELS = ("call", "email", "linkedin")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A suppression: its target, its channels, and its last statement. Without channels it is lifted."""

    suppression_id: UUID
    scope: Scope
    target: str
    version: int
    channels: list[str]
    marks: list[str]
    label: str
    reason: str
    source: str
    stated_by: str
    stated_on: date

    @property
    def lifted(self) -> bool:
        return not self.channels

    def stops(self, channel: str) -> bool:
        return ALL in self.channels or channel in self.channels

    def __str__(self) -> str:
        by = "" if ALL in self.channels else f" by {' or '.join(self.channels)}"
        return f"Do not contact {self.label}{by}: {self.reason} ({self.stated_by}, {self.stated_on})."


@dataclass(frozen=True, slots=True)
class Statement:
    """A person's statement that a target must not be contacted, or may be contacted again."""

    scope: Scope
    target: str
    label: str
    marks: list[str]
    channels: list[str]
    reason: str
    source: str
    stated_by: str
    stated_on: date


def suppressed(before: Suppression | None, statement: Statement) -> Suppression:
    """The suppression after a further statement: the channels add up, and the latest statement gives the reason."""
    channels = together([*(before.channels if before else []), *statement.channels])
    marks = sorted({*(before.marks if before else []), *statement.marks})
    return _after(before, statement, channels, marks)


def allowed(before: Suppression, statement: Statement) -> Suppression:
    """The suppression after some channels are allowed again; the others keep their reason."""
    left = [] if ALL in statement.channels else [c for c in _each(before.channels) if c not in statement.channels]
    if left:
        return replace(before, version=before.version + 1, channels=together(left))
    return _after(before, statement, [], before.marks)


def added(before: Suppression | None, after: Suppression) -> list[str]:
    """The channels that a statement added."""
    if before is None or before.lifted:
        return after.channels
    return [each for each in _each(after.channels) if each not in _each(before.channels)]


def since_allowed(statement: Statement, allowed_since: Iterable[str]) -> Statement | None:
    """The statement without channels that were allowed again later; None if none is left."""
    allowed_channels = set(allowed_since)
    every = ALL in allowed_channels
    left = [] if every else [each for each in _each(statement.channels) if each not in allowed_channels]
    return replace(statement, channels=together(left)) if left else None


def together(channels: Iterable[str]) -> list[str]:
    """Channels in the form in which they are stored: sorted, or `all`."""
    given = set(channels)
    return [ALL] if ALL in given or given >= set(CHANNELS) else sorted(given)


def _each(channels: Iterable[str]) -> list[str]:
    given = list(channels)
    return list(CHANNELS) if ALL in given else given


def _after(before: Suppression | None, by: Statement, channels: list[str], marks: list[str]) -> Suppression:
    if before:
        changed = replace(before, version=before.version + 1, channels=channels, marks=marks)
        return replace(changed, reason=by.reason, source=by.source, stated_by=by.stated_by, stated_on=by.stated_on)
    key = suppression_id(by.scope, by.target)
    return Suppression(
        key, by.scope, by.target, 1, channels, marks, by.label, by.reason, by.source, by.stated_by, by.stated_on
    )


InForce = Mapping[str, list[Suppression]]
"""The suppressions in force, by each of their marks."""


def by_mark(suppressions: Iterable[Suppression]) -> InForce:
    found: dict[str, list[Suppression]] = {}
    for each in sorted(suppressions, key=lambda s: (s.scope, s.target)):
        for mark in each.marks:
            found.setdefault(mark, []).append(each)
    return found


def why_not(in_force: InForce, marks: Iterable[str], channel: str) -> Suppression | None:
    """The suppression that stops a task with these marks on this channel, or None."""
    return next((each for mark in marks for each in in_force.get(mark, []) if each.stops(channel)), None)


def with_suppressions(people: People, facility_id: str, chain: str | None, in_force: InForce) -> People:
    """People with their suppressed channels, each with the reason."""

    def stops(contact: Contact) -> dict[str, str]:
        # An e-mail has the marks of all channels.
        if in_force.keys().isdisjoint(task_marks(people.roles, facility_id, chain, contact, "email")):
            return {}
        marks = {channel: task_marks(people.roles, facility_id, chain, contact, channel) for channel in CHANNELS}
        return _stops(in_force, marks)

    if not in_force:
        return people
    known = {role: replace(contact, stopped=stops(contact)) for role, contact in people.by_role.items()}
    return replace(people, by_role=known)


def place_stops(facility_id: str, chain: str | None, in_force: InForce) -> dict[str, str]:
    """The channels that are suppressed for a complete facility, each with the reason."""
    if not in_force:
        return {}
    return _stops(in_force, dict.fromkeys(CHANNELS, place_marks(facility_id, chain)))


def closed_place(facility_id: str, chain: str | None, in_force: InForce) -> str | None:
    """Why a complete facility is suppressed on all channels, or None."""
    if not in_force:
        return None
    found = (each for mark in place_marks(facility_id, chain) for each in in_force.get(mark, []))
    return next((str(each) for each in found if ALL in each.channels), None)


def _stops(in_force: InForce, marks: Mapping[str, list[str]]) -> dict[str, str]:
    found = {channel: why_not(in_force, of_channel, channel) for channel, of_channel in marks.items()}
    return {channel: str(suppression) for channel, suppression in found.items() if suppression}
