"""Which suppression stops a task, and who can still be reached?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engines.suppression.statements import ALL, CHANNELS, Suppression
from services.sequencer.domain.marks import place_marks, task_marks
from services.sequencer.domain.reach import Contact, People

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
