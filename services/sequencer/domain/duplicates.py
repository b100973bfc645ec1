"""Which people may be the same one, named in two ways?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from engines.naming.alike import alike
from services.sequencer.domain.contacts import Sighting, person_named
from services.sequencer.domain.corrections import Corrections, Person
from services.sequencer.domain.roles import ContactRoles


@dataclass(frozen=True, slots=True)
class Pair:
    """The person named last, the one who may be the same, and what they have in common."""

    kept: Sighting
    dropped: Sighting
    common: str


def duplicates(roles: ContactRoles, sightings: Iterable[Sighting], known: Corrections) -> list[Pair]:
    """People with the same role at a place, the same address or the same number, whose names are alike."""
    latest: dict[Person, Sighting] = {}
    having: dict[tuple[str, str], dict[Person, None]] = defaultdict(dict)
    for each in sorted(sightings, key=lambda s: (s.source_date, len(s.name), s.name), reverse=True):
        if roles.placeholder(each.name):
            continue
        person = known.same(person_named(each))
        latest.setdefault(person, each)
        for common, value in _common(each):
            having[common, value][person] = None
    found: dict[tuple[Person, Person], Pair] = {}
    for (common, _), people in sorted(having.items()):
        for one, other in combinations(people, 2):
            if alike(latest[one].name, latest[other].name, roles.offices):
                kept, dropped = sorted((one, other), key=lambda p: (latest[p].source_date, len(p[1]), p), reverse=True)
                found.setdefault((kept, dropped), Pair(latest[kept], latest[dropped], common))
    return [found[key] for key in sorted(found)]


def _common(each: Sighting) -> list[tuple[str, str]]:
    """What makes two people comparable; the reasons are in the order in which one is given."""
    details = (("e-mail address", each.email), ("number", each.direct_phone))
    return [("role", f"{each.subject} {each.role}"), *((what, value) for what, value in details if value)]
