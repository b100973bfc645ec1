"""Which suppression stops a task, and who can still be reached?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engines.suppression.marks import recipient_marks
from engines.suppression.statements import ALL, CHANNELS, Suppression
from services.sequencer.domain.contacts import Sighting
from services.sequencer.domain.corrections import Corrections
from services.sequencer.domain.marks import (
    chain_marks,
    place_marks,
    same_person,
    sighting_marks,
    task_marks,
    with_aliases,
)
from services.sequencer.domain.reach import Contact, People
from services.sequencer.domain.roles import ContactRoles

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


def stops_of_sighting(
    roles: ContactRoles, sighting: Sighting, chain: str | None, known: Corrections, in_force: InForce
) -> list[str]:
    """The channels that are suppressed for a person as a source names them, at a facility of this chain.

    What is suppressed on one channel by an address or a domain is suppressed here, whatever the channel is for.
    """
    own = sighting_marks(roles, sighting)
    found = [
        each
        for mark in marks_of_sighting(roles, sighting, chain, known)
        for each in in_force.get(mark, [])
        if not mark.startswith("phone:") or same_person(roles, each.marks, own)
    ]
    return [channel for channel in CHANNELS if any(each.stops(channel) for each in found)]


def marks_of_sighting(roles: ContactRoles, sighting: Sighting, chain: str | None, known: Corrections) -> list[str]:
    """All marks by which a suppression can match a person as a source names them, and the place."""
    places = place_marks(sighting.facility_id, chain) if sighting.facility_id else chain_marks(sighting.chain)
    return [*places, *with_aliases(roles, sighting_marks(roles, sighting), known), *recipient_marks(sighting.email)]


def _stops(in_force: InForce, marks: Mapping[str, list[str]]) -> dict[str, str]:
    found = {channel: why_not(in_force, of_channel, channel) for channel, of_channel in marks.items()}
    return {channel: str(suppression) for channel, suppression in found.items() if suppression}
