"""Who has which role, according to all sources?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from services.sequencer.domain.corrections import NO_CORRECTIONS, Corrections, Person
from services.sequencer.domain.enrollments import Enrollment
from services.sequencer.domain.reach import Contact, People
from services.sequencer.domain.roles import ContactRoles


@dataclass(frozen=True, slots=True)
class Sighting:
    """A source names a person in a role, at a facility or a chain."""

    role: str
    name: str
    source: str
    source_date: date
    facility_id: str | None = None
    chain: str | None = None
    direct_phone: str | None = None
    email: str | None = None
    source_url: str | None = None
    stated_by: str | None = None
    """The person of the team who found it out; None for a file."""

    @property
    def contact(self) -> Contact:
        return Contact(self.role, self.name, self.direct_phone, self.email, self.source)

    @property
    def subject(self) -> str:
        return f"chain:{self.chain}" if self.chain else f"facility:{self.facility_id}"


@dataclass(frozen=True, slots=True)
class Incumbent:
    """The person who has a role at a facility or a chain now."""

    contact: Contact
    changed_on: date | None
    """The day since which this person has succeeded another one; None if only one person is known."""
    vacant: bool = False
    """The latest source has a placeholder, or no person was ever named, or the person left."""
    person: Person | None = None


Incumbents = Mapping[tuple[str, str], Incumbent]
"""By (subject, role)."""


@lru_cache(maxsize=10_000)
def chain_key(chain: str | None) -> str | None:
    """A chain's name in one case and spacing, to compare contacts with the registry."""
    return " ".join(chain.split()).upper() if chain and chain.strip() else None


def name_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def person_named(sighting: Sighting) -> Person:
    return sighting.subject, name_key(sighting.name)


def without_wrong(sightings: Iterable[Sighting], known: Corrections) -> list[Sighting]:
    """Sightings without the details that were wrong later; a newer source that states one makes it count again."""
    return [_without_wrong(each, known) for each in sightings] if known.wrong else list(sightings)


def _without_wrong(each: Sighting, known: Corrections) -> Sighting:
    person = person_named(each)
    keys = {person[1], *(key for _, key in known.names.get(known.same(person), ()))}

    def right(value: str | None) -> str | None:
        days = [day for key in keys if (day := known.flagged.get((key, value or "")))]
        return None if days and each.source_date <= max(days) else value

    return replace(each, direct_phone=right(each.direct_phone), email=right(each.email))


def incumbents(
    roles: ContactRoles, sightings: Iterable[Sighting], known: Corrections = NO_CORRECTIONS
) -> dict[tuple[str, str], Incumbent]:
    """The incumbent of each role, by subject and role."""
    grouped: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in without_wrong(sightings, known):
        grouped[sighting.subject, sighting.role].append(sighting)
    return {key: incumbent(roles, group, known) for key, group in sorted(grouped.items())}


def incumbent(roles: ContactRoles, sightings: Iterable[Sighting], known: Corrections = NO_CORRECTIONS) -> Incumbent:
    """The incumbent of a role at one place, from the set of its sightings; their order does not matter.

    It is the person seen last; ties are broken by the order of arrival, then by name. A phone number or an address
    stays valid if a newer source lacks it. If a vacancy was seen last, no person has the role. Nor has anyone if that
    person left since, which is a change of the role (R27).
    """
    ordered = list(sightings)
    if len(ordered) > 1:
        ordered.sort(key=lambda s: (s.source_date, s.source, s.name, s.direct_phone or "", s.email or ""))
    by_person: dict[Person, list[Sighting]] = defaultdict(list)
    for sighting in ordered:
        if (placeholder := roles.placeholder(sighting.name)) != "unknown":
            by_person[_VACANT if placeholder else known.same(person_named(sighting))].append(sighting)
    if not by_person:
        return _vacant(ordered[-1])
    current = _seen_last(by_person) if len(by_person) > 1 else next(iter(by_person))
    seen = by_person[current]
    if current == _VACANT:
        return _vacant(seen[-1])
    left_on = known.left(seen[-1].subject, current)
    if left_on and seen[-1].source_date <= left_on:
        return replace(_vacant(seen[-1]), changed_on=left_on)
    contact = _merged(_contact(seen), seen[-1].subject, current, known)
    return Incumbent(contact, _succeeded_on(current, by_person), person=current)


_VACANT: Person = ("", "")
"""The key of a vacancy among people."""


def _seen_last(by_person: Mapping[Person, Sequence[Sighting]]) -> Person:
    return max(by_person, key=lambda name: (by_person[name][-1].source_date, by_person[name][0].source_date, name))


def _succeeded_on(current: Person, by_person: Mapping[Person, Sequence[Sighting]]) -> date | None:
    """The day since which a person has succeeded another one; None if no other one is known."""
    others = [seen.source_date for name in by_person if name not in (current, _VACANT) for seen in by_person[name]]
    if not others:
        return None
    since = _since([sighting.source_date for sighting in by_person[current]], others)
    return since if any(day < since for day in others) else None


def _contact(seen: Sequence[Sighting]) -> Contact:
    """A person, with the latest value of each field."""
    last = seen[-1]
    phone = last.direct_phone or next((s.direct_phone for s in reversed(seen) if s.direct_phone), None)
    email = last.email or next((s.email for s in reversed(seen) if s.email), None)
    return Contact(last.role, last.name, phone, email, last.source)


def _merged(contact: Contact, subject: str, person: Person, known: Corrections) -> Contact:
    """A person with the name that was kept, and all names that suppressions may use."""
    names = known.names.get(person)
    if not names:
        return contact
    aliases = tuple((place, name) for (place, _), name in sorted(names.items()))
    return replace(contact, name=names[person] if person[0] == subject else contact.name, aliases=aliases)


def _vacant(sighting: Sighting) -> Incumbent:
    return Incumbent(Contact(sighting.role, sighting.name, source=sighting.source), None, vacant=True)


def _since(own: Sequence[date], others: Sequence[date]) -> date:
    """The day on which a person was first named after all others; a person who returns starts again."""
    last_of_others = max(others, default=date.min)
    return min((day for day in own if day > last_of_others), default=max(own))


def people_for(roles: ContactRoles, known: Incumbents, facility_id: str, chain: str | None) -> People:
    """The people of an enrollment: those of its facility and, for a chain, those of the chain.

    A vacant role has no person, and so unblocks no enrollment.
    """
    subjects = [f"facility:{facility_id}", *([f"chain:{chain_key(chain)}"] if chain else [])]
    by_role: dict[str, Contact] = {}
    for subject in subjects:
        for each in roles.roles:
            incumbent = known.get((subject, each.role))
            if incumbent and not incumbent.vacant:
                by_role[each.role] = incumbent.contact
    return People(roles, by_role)


@dataclass(frozen=True, slots=True)
class Places:
    """Where something changed: facilities, and chains by their keys."""

    facility_ids: frozenset[str]
    chains: frozenset[str] = frozenset()

    def __contains__(self, each: Enrollment) -> bool:
        """Whether an enrollment is at one of them."""
        return each.facility_id in self.facility_ids or chain_key(each.chain) in self.chains


def places_at(found: Iterable[tuple[str | None, str | None]]) -> Places:
    """The places of people, each at a facility or a chain."""
    pairs = list(found)
    keys = (chain_key(chain) for _, chain in pairs)
    return Places(frozenset(at for at, _ in pairs if at), frozenset(key for key in keys if key))


def places_of(sightings: Iterable[Sighting]) -> Places:
    """The places of people."""
    return places_at((each.facility_id, each.chain) for each in sightings)
